'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const detail = document.getElementById('detail');
  const overview = document.getElementById('overview');
  const tip = document.getElementById('tip');
  const lines = [...document.querySelectorAll('#log li[data-t]')];
  const SVG = detail.namespaceURI;
  const LEFT = 104;
  const RIGHT = 26;
  const MOST_ARROWS = 350;
  const failed = data.result !== 'pass';
  const end = Math.max(data.end, 0.001);
  const adversaries = data.adversaries;

  const make = (tag, attributes, parent, text) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, value);
    }
    if (text !== undefined) {
      element.textContent = text;
    }
    parent.appendChild(element);
    return element;
  };
  const colour = (node) => (node < 0 ? '' : 'c' + (node % 8));
  const fill = (node) => (node < 0 ? '' : 'f' + (node % 8));
  const seconds = (t, span) => t.toFixed(span < 0.02 ? 5 : span < 0.2 ? 4 : span < 20 ? 3 : 1) + ' s';

  // A mark that says what it is when pointed at, and that lights up with its line in the log.
  const mark = (element, text, node, t) => {
    element.dataset.tip = text;
    if (node !== undefined) {
      element.dataset.n = node;
    }
    if (t !== undefined) {
      element.dataset.at = t.toFixed(6);
    }
    return element;
  };

  const ticks = (from, to, count) => {
    const raw = (to - from) / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw);
    const found = [];
    for (let k = Math.ceil(from / step); k * step <= to; k++) {
      found.push([k * step, Math.max(0, -Math.floor(Math.log10(step)))]);
    }
    return found;
  };

  // What both pictures share: lanes, axis, bands, lives. Returns the scale and the place for marks.
  const frame = (svg, from, to, lane, top) => {
    const width = Math.max(480, svg.clientWidth);
    const height = top + data.nodes * lane + 30;
    svg.replaceChildren();
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.style.height = height + 'px';
    const x = (t) => LEFT + ((t - from) / (to - from)) * (width - LEFT - RIGHT);
    const y = (node) => top + (node + 0.5) * lane;
    const bottom = height - 30;
    const clip = svg.id + '-clip';
    make('rect', { x: LEFT - 8, y: 0, width: width - LEFT + 8, height }, make('clipPath', { id: clip }, make('defs', {}, svg)));
    const plot = make('g', { 'clip-path': `url(#${clip})` }, svg);
    for (const [t, digits] of ticks(from, to, width / 130)) {
      make('line', { x1: x(t), x2: x(t), y1: top, y2: bottom, class: 'grid' }, plot);
      make('text', { x: x(t), y: height - 10, 'text-anchor': 'middle', class: 'soft small' }, plot, t.toFixed(digits) + ' s');
    }
    return { svg, plot, width, height, x, y, top, bottom, from, to, lane };
  };

  const drawBands = (f, withText) => {
    let free = -1e9;
    const shown = (band) => band.to >= f.from && band.from <= f.to;
    for (const band of data.bands.filter(shown)) {
      const left = f.x(Math.max(band.from, f.from - 1));
      const width = Math.max(1.5, f.x(Math.min(band.to, f.to + 1)) - left);
      const text = `${band.text}\nfrom ${band.from.toFixed(3)} s to ${band.to.toFixed(3)} s`;
      if (band.kind === 'partition') {
        const groupOf = (node) => band.groups.findIndex((group) => group.includes(node));
        for (let node = 0; node < data.nodes; node++) {
          const group = groupOf(node);
          mark(make('rect', { x: left, y: f.y(node) - f.lane / 2, width, height: f.lane, class: 'band g' + ((group + 4) % 4) }, f.plot), text);
        }
        if (withText && Math.max(left, LEFT) > free && width > 30) {
          const label = make('text', { x: Math.max(left, LEFT) + 4, y: f.top - 6, class: 'small soft' }, f.plot, band.text);
          free = Math.max(left, LEFT) + 4 + label.getComputedTextLength() + 10;
        }
      } else {
        const node = band.groups[band.groups.length - 1][0];
        const strip = Math.max(5, f.lane * 0.22);
        mark(make('rect', { x: left, y: f.y(node) - strip, width, height: 2 * strip, class: 'strip ' + band.kind }, f.plot), text);
        if (withText && f.lane > 40 && width > 80) {
          const from = band.groups[0][0];
          const note = { cut: `cannot hear node ${from}`, clog: `hears node ${from} late`, offline: 'offline', pause: 'frozen' }[band.kind];
          make('text', { x: Math.max(left, LEFT) + 5, y: f.y(node) + strip - 5, class: 'note' }, f.plot, note);
        }
      }
    }
    if (data.duration < data.end && data.duration >= f.from && data.duration <= f.to) {
      const at = f.x(data.duration);
      make('line', { x1: at, x2: at, y1: f.top, y2: f.bottom, class: 'mended' }, f.plot);
      if (withText) {
        const isRight = at > f.width - 190;
        make('text', { x: isRight ? at - 4 : at + 4, y: f.top + 10, 'text-anchor': isRight ? 'end' : 'start', class: 'small mended-text' }, f.plot, 'all is mended from here on');
      }
    }
  };

  const drawLives = (f, big) => {
    for (let node = 0; node < data.nodes; node++) {
      const y = f.y(node);
      if (adversaries[node]) {
        make('rect', { x: 0, y: y - f.lane / 2, width: f.width, height: f.lane, class: 'adversary' }, f.plot);
      }
      const label = make('text', { x: 12, y: y + 5, class: (big ? 'name ' : 'small ') + fill(node) }, f.svg, 'node ' + node);
      if (adversaries[node]) {
        label.setAttribute('y', big ? y - 2 : y + 5);
        make('text', { x: big ? 12 : 52, y: big ? y + 13 : y + 5, class: 'small bad-text' }, f.svg, big ? 'hostile: ' + adversaries[node] : 'hostile');
      }
      let since = 0;
      const alive = (from, to) => {
        if (to >= f.from && from <= f.to) {
          make('line', { x1: Math.max(f.x(from), LEFT - 8), x2: Math.min(f.x(to), f.width), y1: y, y2: y, class: 'life ' + colour(node), 'data-n': node }, f.plot);
        }
      };
      for (const [, from, to, power] of data.downs.filter((down) => down[0] === node)) {
        alive(since, from);
        since = to;
        make('line', { x1: f.x(from), x2: f.x(to), y1: y, y2: y, class: 'dead' }, f.plot);
        const at = f.x(from);
        const size = big ? 7 : 4;
        const cross = mark(make('g', {}, f.plot), `node ${node} ${power ? 'loses power' : 'crashes'} at ${from.toFixed(6)} s`, node, from);
        make('rect', { x: at - 8, y: y - 8, width: 16, height: 16, fill: 'transparent' }, cross);
        make('path', { d: `M${at - size} ${y - size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`, class: 'cross' }, cross);
        if (big) {
          make('text', { x: at, y: y + 22, 'text-anchor': 'middle', class: 'small bad-text' }, cross, power ? 'loses power' : 'crashes');
        }
        if (to < data.end || (to === data.end && data.end > from)) {
          const up = f.x(to);
          mark(make('path', { d: `M${up - size} ${y - size}l${2 * size} ${size}l${-2 * size} ${size}z`, class: 'up' }, f.plot), `node ${node} starts again at ${to.toFixed(6)} s`, node, to);
        }
      }
      alive(since, failed ? data.end : f.to);
    }
  };

  const drawFailure = (f, big) => {
    if (failed && big && (data.end < f.from || data.end > f.to)) {
      const after = data.end > f.to;
      make('text', { x: after ? f.width - 10 : LEFT, y: 15, 'text-anchor': after ? 'end' : 'start', class: 'bad-text' }, f.svg,
        (after ? '' : '\u2190 ') + `${data.invariant || data.result} at ${seconds(data.end, 1)}` + (after ? ' \u2192' : ''));
    }
    if (!failed || data.end < f.from || data.end > f.to) {
      return;
    }
    const at = f.x(data.end);
    make('line', { x1: at, x2: at, y1: big ? 20 : 12, y2: f.bottom, class: 'failure' }, f.plot);
    if (big) {
      const label = make('text', { x: at, y: 15, 'text-anchor': 'end', class: 'bad-text' }, f.plot, `${data.invariant || data.result} at ${seconds(data.end, 1)}`);
      const width = label.getComputedTextLength();
      label.setAttribute('x', Math.min(f.width - 8, Math.max(at + 10, LEFT + width)));
    }
    make('path', { d: `M${at - 6} ${big ? 20 : 6}h12l-6 9z`, class: 'failure-fill' }, f.plot);
    for (const node of data.involved) {
      mark(make('circle', { cx: at, cy: f.y(node), r: big ? 13 : 6, class: 'failure-ring' }, f.plot), 'here it went wrong', node, data.end).classList.add('keep');
    }
  };

  const drawEntries = (f, big) => {
    let drawn = 0;
    const near = data.entries.filter((entry) => (big || entry.message) && entry.stored.some(([, t]) => t >= f.from && t <= f.to));
    for (const entry of near.slice(-MOST_ARROWS)) {
      const own = entry.stored.find(([node]) => node === entry.author);
      const group = mark(make('g', {}, f.plot), '', entry.author);
      for (const [node, t] of entry.stored) {
        if (node === entry.author || t < f.from || t > f.to || drawn > 4 * MOST_ARROWS) {
          continue;
        }
        // What an adversary's disk holds is nobody's business, and not recorded.
        const hostile = adversaries[entry.author];
        const early = !hostile && (!own || own[1] > t);
        const start = early || hostile ? t : own[1];
        const text = `${entry.name} of node ${entry.author}` + (early
          ? `\nis on node ${node}'s disk at ${t.toFixed(6)} s, and not on its author's`
          : hostile ? `\nwritten by a hostile node, on node ${node}'s disk at ${t.toFixed(6)} s`
          : `\nwritten at ${own[1].toFixed(6)} s, on node ${node}'s disk at ${t.toFixed(6)} s`);
        if (entry.author >= 0) {
          const arrow = make('path', { d: `M${f.x(start)} ${f.y(entry.author)}L${f.x(t)} ${f.y(node)}`, class: `carry ${colour(entry.author)}${early ? ' early' : ''}` }, group);
          arrow.style.strokeWidth = big ? (entry.message ? 1.8 : 1) : 0.7;
          mark(arrow, text);
        }
        if (big) {
          mark(make('circle', { cx: f.x(t), cy: f.y(node), r: entry.message ? 4 : 3, class: `ring ${colour(entry.author)}` }, group), text, node, t);
        }
        drawn++;
      }
      if (own && own[1] >= f.from && own[1] <= f.to) {
        const r = big ? (entry.message ? 5.5 : 4) : 2.2;
        mark(make('circle', { cx: f.x(own[1]), cy: f.y(entry.author), r, class: `dot ${fill(entry.author)}` }, group),
          `node ${entry.author} has ${entry.name} on its disk at ${own[1].toFixed(6)} s`, entry.author, own[1]);
      }
    }
    return near.length > MOST_ARROWS ? near.length - MOST_ARROWS : 0;
  };

  const drawPieces = (f) => {
    const span = f.to - f.from;
    const inside = data.pieces.filter(([, , sent, arrived]) => sent <= f.to && (arrived < 0 ? sent : arrived) >= f.from);
    const bundles = new Map();
    for (const piece of inside) {
      const [from, to, sent, arrived, bytes, count] = piece;
      const key = inside.length <= MOST_ARROWS ? bundles.size : `${from} ${to} ${arrived < 0} ${Math.floor((sent - f.from) / span * 40)}`;
      const bundle = bundles.get(key);
      if (bundle) {
        bundle.bytes += bytes;
        bundle.count += count;
      } else {
        bundles.set(key, { from, to, sent, arrived, bytes, count });
      }
    }
    for (const { from, to, sent, arrived, bytes, count } of [...bundles.values()].slice(-2 * MOST_ARROWS)) {
      const lost = arrived < 0;
      const [x1, y1, y2] = [f.x(sent), f.y(from), f.y(to)];
      const x2 = lost ? x1 + 14 : f.x(arrived);
      const reach = lost ? 0.4 : 1;
      const angle = Math.atan2((y2 - y1) * reach, x2 - x1);
      const [ex, ey] = [x2 - Math.cos(angle) * 7 * (lost ? 0 : 1), y1 + (y2 - y1) * reach - Math.sin(angle) * 7 * (lost ? 0 : 1)];
      const many = count > 1 ? `${count} pieces, ` : '';
      const group = mark(make('g', {}, f.plot),
        `${many}${bytes} bytes from node ${from} to node ${to}\nsent at ${sent.toFixed(6)} s, ` + (lost ? 'never arrived' : `arrived at ${arrived.toFixed(6)} s`), from);
      const line = make('path', { d: `M${x1} ${y1}L${ex} ${ey}`, class: `piece${lost ? ' lost' : ''}${bytes / count <= 64 ? ' small-piece' : ''}` }, group);
      line.style.strokeWidth = Math.min(4, 1 + Math.log2(count) / 3);
      if (!lost) {
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        make('path', { d: `M${ex} ${ey}l${-6 * c + 2.6 * s} ${-6 * s - 2.6 * c}l${-5.2 * s} ${5.2 * c}z`, class: 'head' }, group);
      } else {
        make('path', { d: `M${x2 - 3} ${ey - 3}l6 6m0 -6l-6 6`, class: 'piece lost' }, group);
      }
    }
  };

  const drawActs = (f) => {
    const rows = new Map();
    for (const [node, t, text] of data.acts) {
      if (t < f.from || t > f.to) {
        continue;
      }
      const [at, y] = [f.x(t), f.y(node)];
      const group = mark(make('g', {}, f.plot), `node ${node} ${text} at ${t.toFixed(3)} s`, node, t);
      make('path', { d: `M${at - 6} ${y}l6 -6l6 6l-6 6z`, class: 'act ' + colour(node) }, group);
      const label = make('text', { x: at - 4, y: 0, class: 'small' }, group, text);
      const width = label.getComputedTextLength();
      const left = Math.min(at - 4, f.width - width - 6);
      const free = rows.get(node) || [-1e9, -1e9, -1e9];
      const row = free.findIndex((taken) => taken < left);
      if (row < 0) {
        label.remove();
        continue;
      }
      free[row] = left + width + 12;
      rows.set(node, free);
      label.setAttribute('x', left);
      label.setAttribute('y', y - 12 - 14 * row);
    }
  };

  let view = [0, end];
  const laneOf = (most, least, room) => Math.max(least, Math.min(most, room / data.nodes));

  const drawDetail = () => {
    const span = view[1] - view[0];
    detail.classList.remove('focus');
    const f = frame(detail, view[0] - 0.01 * span, view[1] + 0.03 * span, laneOf(96, 30, 520), 46);
    drawBands(f, true);
    drawPieces(f);
    drawLives(f, true);
    const left = drawEntries(f, true);
    drawActs(f);
    drawFailure(f, true);
    const hidden = left + data.entriesLeftOut;
    const whole = view[0] <= 0 && view[1] >= end;
    document.getElementById('window-title').textContent =
      (whole ? 'The whole run' : `From ${seconds(Math.max(0, view[0]), span)} to ${seconds(view[1], span)}`) + (hidden > 0 ? ` (${hidden} more entries are not drawn)` : '');
    for (const line of lines) {
      const t = Number(line.dataset.t);
      line.classList.toggle('inside', t >= view[0] && t <= view[1]);
    }
  };

  let brush;
  const small = {};
  const drawOverview = () => {
    const box = document.getElementById('overview-box');
    box.hidden = view[0] <= 0 && view[1] >= end && end < 5;
    if (box.hidden) {
      return;
    }
    Object.assign(small, frame(overview, -0.01 * end, 1.02 * end, laneOf(26, 7, 200), 20));
    drawBands(small, true);
    drawEntries(small, false);
    drawLives(small, false);
    drawFailure(small, false);
    brush = make('rect', { y: 2, height: small.bottom - 2, class: 'brush' }, small.plot);
    moveBrush();
  };
  const moveBrush = () => {
    if (brush) {
      brush.setAttribute('x', small.x(view[0]));
      brush.setAttribute('width', Math.max(2, small.x(view[1]) - small.x(view[0])));
    }
  };

  // The log follows, unless it was the log that asked.
  const show = (from, to, fromLog) => {
    const span = Math.min(end, Math.max(end / 2e4, 1e-5, to - from));
    const start = Math.min(Math.max(0, from), end - span);
    view = [start, start + span];
    drawDetail();
    moveBrush();
    const first = lines.find((line) => line.classList.contains('inside'));
    if (first && !fromLog) {
      first.parentElement.scrollTop = first.offsetTop - first.parentElement.offsetTop;
    }
  };

  // As much before the failure as can be read: some sixty things that happened. What waits for agreement shows the mending.
  const moment = () => {
    const times = data.acts.map((act) => act[1])
      .concat(data.entries.flatMap((entry) => entry.stored.map((stored) => stored[1])), data.downs.map((down) => down[1]))
      .filter((t) => t <= data.end).sort((a, b) => a - b);
    if (times.length <= 60 && times.length > 0 && (end < 5 || times[0] < end / 3) && data.result !== 'liveness') {
      return [0, end];
    }
    if (data.result === 'liveness' || !failed) {
      const from = data.acts.length <= 80 ? 0 : Math.max(0, data.duration - 5);
      return [from, Math.min(end, data.duration + 0.1 * (data.duration - from) + 1)];
    }
    const from = times[Math.max(0, times.length - 60)] || 0;
    return [Math.max(0, Math.min(from, end - Math.min(end, 0.05))), end];
  };

  const zoom = (factor) => {
    const middle = failed && view[1] >= end && factor < 1 ? view[1] : (view[0] + view[1]) / 2;
    const span = (view[1] - view[0]) * factor;
    show(middle - (middle === view[1] ? span : span / 2), middle + (middle === view[1] ? 0 : span / 2));
  };
  const move = (share) => show(view[0] + share * (view[1] - view[0]), view[1] + share * (view[1] - view[0]));
  const button = (id, act) => document.getElementById(id).addEventListener('click', act);
  button('in', () => zoom(0.5));
  button('out', () => zoom(2));
  button('earlier', () => move(-0.5));
  button('later', () => move(0.5));
  button('moment', () => show(...moment()));
  button('whole', () => show(0, end));

  let dragged = null;
  const timeAt = (event) => {
    const box = overview.getBoundingClientRect();
    const inside = (event.clientX - box.left) * (small.width / box.width);
    return small.from + ((inside - LEFT) / (small.width - LEFT - RIGHT)) * (small.to - small.from);
  };
  overview.addEventListener('pointerdown', (event) => {
    dragged = timeAt(event);
    overview.setPointerCapture(event.pointerId);
  });
  overview.addEventListener('pointermove', (event) => {
    if (dragged !== null) {
      const now = timeAt(event);
      show(Math.min(dragged, now), Math.max(dragged, now));
    }
  });
  overview.addEventListener('pointerup', (event) => {
    const now = timeAt(event);
    if (Math.abs(now - dragged) < end / 200) {
      const span = Math.min(view[1] - view[0], end / 4);
      show(now - span / 2, now + span / 2);
    }
    dragged = null;
  });

  const light = (key, scroll) => {
    for (const old of document.querySelectorAll('.lit')) {
      old.classList.remove('lit');
    }
    for (const line of key === null ? [] : lines.filter((one) => `${one.dataset.t} ${one.dataset.n}` === key)) {
      line.classList.add('lit');
      if (scroll) {
        const list = line.parentElement;
        list.scrollTop = line.offsetTop - list.offsetTop - list.clientHeight / 2;
      }
    }
  };

  for (const svg of [detail, overview]) {
    svg.addEventListener('pointermove', (event) => {
      const target = event.target.closest('[data-tip]');
      tip.hidden = !target || !target.dataset.tip || dragged !== null;
      if (!tip.hidden) {
        tip.textContent = target.dataset.tip;
        tip.style.left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8) + 'px';
        tip.style.top = Math.min(event.clientY + 16, window.innerHeight - tip.offsetHeight - 8) + 'px';
      }
    });
    svg.addEventListener('pointerover', (event) => {
      const target = event.target.closest('[data-n]');
      light(target && target.dataset.at ? `${target.dataset.at} ${target.dataset.n}` : null, true);
      svg.classList.toggle('focus', !!target && svg === detail && !target.classList.contains('life'));
      if (target) {
        target.classList.add('lit');
        target.querySelectorAll('[data-n]').forEach((part) => part.classList.add('lit'));
        let outer = target.parentElement && target.parentElement.closest('[data-n]');
        while (outer) {
          outer.classList.add('lit');
          outer = outer.parentElement.closest('[data-n]');
        }
      }
    });
    svg.addEventListener('pointerleave', () => {
      tip.hidden = true;
      svg.classList.remove('focus');
      light(null, false);
    });
  }

  const log = document.getElementById('log');
  let cursor = null;
  log.addEventListener('pointerover', (event) => {
    const line = event.target.closest('li[data-t]');
    cursor?.remove();
    if (!line) {
      return;
    }
    const t = Number(line.dataset.t);
    light(`${line.dataset.t} ${line.dataset.n}`, false);
    if (t < view[0] || t > view[1]) {
      const half = (view[1] - view[0]) / 2;
      show(t - half, t + half, true);
    }
    const plot = detail.querySelector('g');
    const span = view[1] - view[0];
    const at = LEFT + ((t - view[0] + 0.01 * span) / (1.04 * span)) * (Math.max(480, detail.clientWidth) - LEFT - RIGHT);
    cursor = make('line', { x1: at, x2: at, y1: 24, y2: detail.viewBox.baseVal.height - 30, class: 'cursor' }, plot);
    for (const found of detail.querySelectorAll(`[data-at="${line.dataset.t}"][data-n="${line.dataset.n}"]`)) {
      found.classList.add('lit');
    }
  });
  log.addEventListener('pointerleave', () => {
    cursor?.remove();
    light(null, false);
  });

  const draw = () => {
    drawDetail();
    drawOverview();
  };
  view = moment();
  draw();
  log.scrollTop = log.scrollHeight;
  window.addEventListener('resize', draw);
})();
