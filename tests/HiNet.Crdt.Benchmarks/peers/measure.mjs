// What the peers' scripts share. Each script is one measured run in a fresh process and ends with one line of JSON on stdout.
import crypto from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export const TEXT_LENGTH = 200

/** The number of entries: the first argument. */
export function entryCount (fallback) {
  const count = Number(process.argv[2] ?? fallback)
  if (!Number.isInteger(count) || count < 1) throw new Error(`not a number of entries: ${process.argv[2]}`)
  return count
}

/** Texts of 200 characters that do not compress to less than half. */
export function texts (count) {
  return Array.from({ length: count }, () => crypto.randomBytes(TEXT_LENGTH / 2).toString('hex'))
}

export function temporaryFolder (name) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `hinet-bench-${name}-`))
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function timed (work) {
  const started = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - started) / 1e9
}

export function report (result) {
  process.stdout.write(JSON.stringify(result) + '\n')
}
