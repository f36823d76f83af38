#!/usr/bin/env bash
# One entry point for everything that is done with this repository. It needs git, the .NET SDK and, for the native libraries,
# Debian's package manager; whatever else a verb wants, it sets up itself or says that it does without.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

readonly root=$PWD artifacts=$PWD/artifacts solution=HiNet.Crdt.sln configuration=Release
readonly logs=$artifacts/logs native=$artifacts/native
# What is loaded at run time, and the Debian packages that bring it. The packages that these need in turn are listed for
# machines where nothing may be installed.
native_files=(librocksdb.so.7.8 libsodium.so.23)
native_packages=(librocksdb7.8 libsodium23)
readonly native_dependencies=(libgflags2.2 libsnappy1v5 liblz4-1 libzstd1 libbz2-1.0 zlib1g)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
export HOME="${HOME:-$artifacts/home}"

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB

  build   restore, compile, and put the commands at artifacts/hinet and artifacts/hinet-sim
  demo    build, then show three processes that talk, crash, part and meet again
  test    build, check the formatting, run every test
  bench   build, measure, and compare with peers from npm where Node is present
  mutate  change the core in one place at a time, and report the changes that no test and no seed notices
  pack    build, and put the packages into artifacts/packages
TEXT
}

say() { printf '%s\n' "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# step TITLE LOG COMMAND…: runs a command quietly, says how long it took, and shows its output only when it fails.
step() {
  local title=$1 log=$logs/$2.log started=$SECONDS; shift 2
  printf '%s … ' "$title"
  if "$@" >"$log" 2>&1 </dev/null; then
    say "done ($((SECONDS - started)) s)"
  else
    say "failed"; tail -n 60 "$log" >&2
    if grep -q NU1004 "$log"; then say "A lock file is out of date: run 'dotnet restore --force-evaluate' and commit packages.lock.json." >&2; fi
    fail "$title failed; the whole output is in ${log#"$root"/}."
  fi
}

require_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET SDK is missing: install .NET 10 (https://dot.net) and put 'dotnet' on the PATH."
  dotnet --version >/dev/null 2>&1 || fail "no .NET SDK here satisfies global.json: install .NET SDK 10.0.100 or newer of that version."
}

# has_library FILE: whether the dynamic loader will find it, in our own folder or in the system's.
has_library() {
  local folder
  for folder in "$native" /usr/lib/*-linux-gnu /lib/*-linux-gnu /usr/lib64 /usr/local/lib /usr/lib; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

missing_libraries() {
  local file
  for file in "${native_files[@]}"; do has_library "$file" || printf '%s ' "$file"; done
}

install_libraries() {
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -y -qq --no-install-recommends "${native_packages[@]}")
  "${install[@]}" || { apt-get update -qq && "${install[@]}"; }
}

# Package lists and archives are kept in a folder of our own, so that no root is needed, nor lists that someone has fetched before.
unpack_libraries() {
  local work=$artifacts/apt archive
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages" "$work/root" "$native"
  local apt=(apt-get -q -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache")
  "${apt[@]}" update || return
  (cd "$work/packages" && "${apt[@]}" download "${native_packages[@]}" "${native_dependencies[@]}") || return
  for archive in "$work"/packages/*.deb; do dpkg -x "$archive" "$work/root" || return; done
  find "$work/root" \( -type f -o -type l \) -name '*.so*' -exec cp -a {} "$native/" \; || return
  rm -rf "$work"
}

has_node() { command -v node >/dev/null && command -v npm >/dev/null; }

# The peers from npm bring native code of their own, which is linked against one library that a bare Debian lacks.
want_peers() {
  if has_node; then native_files+=(libatomic.so.1) native_packages+=(libatomic1); fi
}

# LAN discovery is tested against avahi, between network namespaces. Where one of them cannot be had, these tests are skipped and say so.
set_up_lan() {
  local program missing=
  for program in ip avahi-daemon avahi-browse dbus-daemon; do command -v "$program" >/dev/null || missing="$missing $program"; done
  [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  printf 'Installing avahi … '
  if install_lan_programs >"$logs/lan.log" 2>&1 </dev/null; then say "done"; else say "not possible: the tests against it are skipped"; fi
}

install_lan_programs() {
  export DEBIAN_FRONTEND=noninteractive
  local install=(apt-get install -y -qq --no-install-recommends avahi-daemon avahi-utils dbus iproute2)
  "${install[@]}" || { apt-get update -qq && "${install[@]}"; }
}

set_up_native() {
  local missing; missing=$(missing_libraries)
  if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || fail "native libraries are missing: ${missing}— install what brings them (Debian: ${native_packages[*]}), or put the files into artifacts/native."
    if [ "$(id -u)" = 0 ]; then
      step "Installing ${native_packages[*]}" native install_libraries
    else
      step "Unpacking ${native_packages[*]} into artifacts/native" native unpack_libraries
    fi
    missing=$(missing_libraries)
    [ -z "$missing" ] || fail "native libraries are still missing: ${missing}— see artifacts/logs/native.log."
  fi
  if [ -d "$native" ]; then export LD_LIBRARY_PATH="$native${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; fi
}

solution_projects() { sed -n 's/^Project(.*"\([^"]*\.csproj\)".*/\1/p' "$solution" | tr '\\' '/'; }

# With every lock file in place, what is restored is exactly what was committed.
restore() {
  local project locked=(--locked-mode)
  while read -r project; do
    [ -f "$(dirname "$project")/packages.lock.json" ] || locked=()
  done < <(solution_projects)
  dotnet restore "$solution" "${locked[@]}" -v quiet
}

# publish NAME PROJECT: puts a program into artifacts/app/NAME and a launcher beside it that finds .NET and the native libraries.
publish() {
  local name=$1 project=$2 output=$artifacts/app/$1 config program
  [ -f "$project" ] || { say "There is no $project yet: artifacts/$name is left out."; return 0; }
  rm -rf "$output"
  step "Publishing $name" "publish-$name" dotnet publish "$project" -c "$configuration" --no-build -o "$output" -v quiet
  config=$(echo "$output"/*.runtimeconfig.json)
  program=$(basename "${config%.runtimeconfig.json}")
  cat >"$artifacts/$name.new" <<LAUNCHER
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
if [ -d "\$here/native" ]; then LD_LIBRARY_PATH="\$here/native\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"; export LD_LIBRARY_PATH; fi
if [ -z "\${DOTNET_ROOT:-}" ] && dotnet=\$(command -v dotnet); then DOTNET_ROOT=\$(dirname "\$(readlink -f "\$dotnet")"); export DOTNET_ROOT; fi
exec "\$here/app/$name/$program" "\$@"
LAUNCHER
  chmod +x "$artifacts/$name.new"
  mv -f "$artifacts/$name.new" "$artifacts/$name"
}

build() {
  mkdir -p "$logs" "$HOME"
  require_dotnet
  set_up_native
  step "Restoring packages" restore restore
  step "Building ($configuration)" build dotnet build "$solution" -c "$configuration" --no-restore -v quiet -clp:NoSummary
  publish hinet src/HiNet.Crdt.Cli/HiNet.Crdt.Cli.csproj
  publish hinet-sim sim/HiNet.Crdt.Simulation.Cli/HiNet.Crdt.Simulation.Cli.csproj
}

demo() {
  build
  [ -x "$artifacts/hinet" ] || fail "the command line is not part of this checkout, so there is nothing to show."
  say
  exec "$artifacts/hinet" demo
}

# counter FILE NAME: one of the totals of a test result file.
counter() { sed -n "s/.*<Counters.* $2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

# Shows each skipped test with its reason, as the test runner wrote them into its result file.
show_skipped() {
  tr -d '\r' <"$1" | tr '\n' ' ' | sed 's/<UnitTestResult /\n&/g' |
    sed -n 's/^<UnitTestResult .*testName="\([^"]*\)".*outcome="NotExecuted".*<Message>\([^<]*\)<.*/  skipped \1: \2/p; t
            s/^<UnitTestResult .*testName="\([^"]*\)".*outcome="NotExecuted".*<StdOut>\([^<]*\)<.*/  skipped \1: \2/p' |
    sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

passed=0 failed=0 skipped=0

# run_part PROJECT: runs one test project in a process of its own and adds its counts to the totals.
run_part() {
  local name assembly results=$artifacts/tests log total executed ok bad status=0
  name=$(basename "$1" .csproj)
  assembly=$(dirname "$1")/bin/$configuration/net10.0/$name.dll
  log=$logs/test-$name.log
  timeout -k 30 1800 dotnet test "$assembly" --logger "trx;LogFileName=$name.trx" --results-directory "$results" >"$log" 2>&1 </dev/null || status=$?
  total=0 executed=0 ok=0 bad=0
  if [ -f "$results/$name.trx" ]; then
    total=$(counter "$results/$name.trx" total); executed=$(counter "$results/$name.trx" executed)
    ok=$(counter "$results/$name.trx" passed); bad=$(counter "$results/$name.trx" failed)
  fi
  # A runner that died, ran out of time or found nothing to run is a failure too, though no test says so.
  if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$total" = 0 ]; }; then bad=1; fi
  if [ "$bad" != 0 ]; then cat "$log"; fi
  if [ -f "$results/$name.trx" ]; then show_skipped "$results/$name.trx"; fi
  name=${name%.Tests}
  say "${name#HiNet.Crdt.}: $ok passed, $bad failed, $((total - executed)) skipped"
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
}

# Generated worlds that nobody has run before: their seeds derive from the commit, so each commit tries others, and each clone the same.
run_sweep() {
  local first log=$logs/sweep.log status=0
  first=$(git rev-parse --short=8 HEAD 2>/dev/null) || first=1
  first=$((16#$first))
  "$artifacts/hinet-sim" sweep --seeds "$first..$((first + 24))" --failures "$artifacts/sweep" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" = 0 ]; then
    passed=$((passed + 1)); say "Sweep of seeds $first..$((first + 24)): 1 passed, 0 failed, 0 skipped"
  else
    cat "$log"; failed=$((failed + 1)); say "Sweep of seeds $first..$((first + 24)): 0 passed, 1 failed, 0 skipped"
  fi
}

# Hostile input that nobody has tried before, a number of cases and not a time, so that the verdict is the same on any machine.
run_fuzz() {
  local first part target count log=$logs/fuzz.log ok=1
  first=$(git rev-parse --short=8 HEAD 2>/dev/null) || first=1
  first=$((16#$first))
  : >"$log"
  for part in entries:700 control:600 channel:200; do
    target=${part%:*} count=${part#*:}
    "$artifacts/hinet-sim" fuzz "$target" --seeds "$first..$((first + count - 1))" --failures "$artifacts/sweep" >>"$log" 2>&1 </dev/null || ok=0
  done
  if [ "$ok" = 1 ]; then
    passed=$((passed + 1)); say "Fuzz from seed $first: 1 passed, 0 failed, 0 skipped"
  else
    cat "$log"; failed=$((failed + 1)); say "Fuzz from seed $first: 0 passed, 1 failed, 0 skipped"
  fi
}

copy_tree() { git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -cf - -T - | tar -xf - -C "$1"; }

# The same seeds must give the same traces in another folder, in a build without optimisation: what runs may depend on neither.
run_elsewhere() {
  local copy=$artifacts/elsewhere here there seeds=(sweep --seeds 1..12 --processes 1 --json)
  rm -rf "$copy"; mkdir -p "$copy"
  copy_tree "$copy"
  step "Building a copy elsewhere (Debug)" elsewhere dotnet build "$copy/sim/HiNet.Crdt.Simulation.Cli" -c Debug -v quiet -clp:NoSummary
  here=$("$artifacts/hinet-sim" "${seeds[@]}" 2>>"$logs/elsewhere.log" | sed -n 's/.*"traceHash":"\([0-9a-f]*\)".*/\1/p')
  there=$(dotnet "$copy/sim/HiNet.Crdt.Simulation.Cli/bin/Debug/net10.0/hinet-sim.dll" "${seeds[@]}" 2>>"$logs/elsewhere.log" | sed -n 's/.*"traceHash":"\([0-9a-f]*\)".*/\1/p')
  if [ -n "$here" ] && [ "$here" = "$there" ]; then
    passed=$((passed + 1)); say "Trace hash of 12 seeds, Release here and Debug elsewhere ($here): 1 passed, 0 failed, 0 skipped"
    rm -rf "$copy"
  else
    failed=$((failed + 1)); say "Trace hash of 12 seeds, Release here ($here) and Debug elsewhere ($there): 0 passed, 1 failed, 0 skipped"
  fi
}

test_all() {
  local project
  want_peers
  build
  set_up_lan
  step "Checking the formatting" format dotnet format "$solution" --verify-no-changes --no-restore
  rm -rf "$artifacts/tests"
  while read -r project; do
    if grep -q '<IsTestProject>false' "$project"; then continue; fi
    if [ -z "$(git ls-files --cached --others --exclude-standard -- "$(dirname "$project")/*.cs")" ]; then continue; fi
    run_part "$project"
  done < <(solution_projects | grep '^tests/')
  run_sweep
  run_fuzz
  run_elsewhere
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}

# The peers are installed from their lock files, outside the source folders; without Node the benchmarks say which rows are missing.
set_up_peers() {
  local source=tests/HiNet.Crdt.Benchmarks/peers target=$artifacts/peers folder
  if ! has_node; then
    say "Node is not installed: the rows that compare with peers from npm are left out."
    return 0
  fi
  mkdir -p "$target"
  cp -R "$source/." "$target/"
  for folder in . orbitdb; do
    cmp -s "$source/$folder/package-lock.json" "$target/$folder/node_modules/.installed" && continue
    step "Installing peers ($folder)" peers npm ci --prefix "$target/$folder" --no-audit --no-fund
    cp "$source/$folder/package-lock.json" "$target/$folder/node_modules/.installed"
  done
}

bench() {
  want_peers
  build
  set_up_peers
  exec dotnet "tests/HiNet.Crdt.Benchmarks/bin/$configuration/net10.0/HiNet.Crdt.Benchmarks.dll" "$@"
}

# Only what runs for a mutant is built: the core's tests, the simulator, and the tool that puts the changed core under them.
mutate() {
  local project argument
  for argument in "$@"; do
    case $argument in -h | --help) cat tests/HiNet.Crdt.Mutation/usage.txt; return ;; esac
  done
  mkdir -p "$logs" "$HOME"
  require_dotnet
  set_up_native
  for project in tests/HiNet.Crdt.Core.Tests sim/HiNet.Crdt.Simulation tests/HiNet.Crdt.Mutation; do
    step "Building $(basename "$project")" "mutate-$(basename "$project")" dotnet build "$project" -c "$configuration" -v quiet -clp:NoSummary
  done
  exec dotnet "tests/HiNet.Crdt.Mutation/bin/$configuration/net10.0/HiNet.Crdt.Mutation.dll" "$@"
}

pack() {
  build
  rm -rf "$artifacts/packages"
  step "Packing" pack dotnet pack "$solution" -c "$configuration" --no-build -o "$artifacts/packages" -v quiet
  (cd "$artifacts/packages" && printf '  artifacts/packages/%s\n' *.nupkg)
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
verb=$1; shift
case $verb in
  -h | --help | help) usage; exit ;;
  bench | mutate) ;;
  *) [ $# = 0 ] || { usage >&2; exit 2; } ;;
esac
case $verb in
  build) build ;;
  demo) demo ;;
  test) test_all ;;
  bench) bench "$@" ;;
  mutate) mutate "$@" ;;
  pack) pack ;;
  *) usage >&2; exit 2 ;;
esac
