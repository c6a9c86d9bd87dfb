import type { Range } from "./range";

/** Values of one channel over a span. step = 0: as measured; else one entry for each step, with its extremes. */
export interface Block {
  from: number;
  to: number;
  step: number;
  t: number[];
  mean: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  flag: number[];
  /** Values in each step; none when step is 0. */
  n?: number[];
}

const KEPT = 8;

const covers = (b: Block, r: { from: number; to: number }): boolean => b.from <= r.from && b.to >= r.to;

/**
 * What has come of one channel, so that a range which lies in it is drawn at once, coarse at first where
 * nothing finer is there yet.
 */
export class Blocks {
  private kept: Block[] = [];

  add(block: Block): void {
    this.kept = [block, ...this.kept.filter((b) => !(covers(block, b) && block.step <= b.step))].slice(0, KEPT);
  }

  /** Finest block that covers the range; else the one that shows most of it. */
  best(r: Range): Block | null {
    const whole = this.kept.filter((b) => covers(b, r)).sort((a, b) => a.step - b.step)[0];
    if (whole) return whole;
    const share = (b: Block): number => Math.min(b.to, r.to) - Math.max(b.from, r.from);
    const part = [...this.kept].sort((a, b) => share(b) - share(a))[0];
    return part && share(part) > 0 ? part : null;
  }

  /** Is what is there as fine as the screen can show, so that nothing need be asked for? */
  isFineEnough(r: Range, points: number): boolean {
    const b = this.kept.find((k) => covers(k, r) && (k.step === 0 || k.step <= (2 * (r.to - r.from)) / points));
    return b !== undefined && !r.live;
  }
}

/**
 * Opens a gap (null) wherever the time between two values is longer than usual: 2.5 times the median distance,
 * or 2.5 times the step. A line never bridges what was not measured.
 */
export function withGaps(b: Block, usual?: number): Block {
  const limit = 2.5 * (b.step || usual || medianDistance(b.t));
  if (!(limit > 0)) return b;
  const out: Block = { ...b, t: [], mean: [], low: [], high: [], flag: [] };
  b.t.forEach((at, i) => {
    const before = b.t[i - 1];
    if (before !== undefined && at - before > limit) {
      out.t.push((at + before) / 2);
      out.mean.push(null);
      out.low.push(null);
      out.high.push(null);
      out.flag.push(9);
    }
    out.t.push(at);
    out.mean.push(b.mean[i] ?? null);
    out.low.push(b.low[i] ?? null);
    out.high.push(b.high[i] ?? null);
    out.flag.push(b.flag[i] ?? 2);
  });
  return out;
}

export function medianDistance(t: readonly number[]): number {
  const d = t.slice(1).map((x, i) => x - t[i]!).filter((x) => x > 0).sort((a, b) => a - b);
  return d[Math.floor(d.length / 2)] ?? 0;
}

/** Values of several blocks on the union of their times; a time that a block lacks is undefined: no gap, no value. */
export function joined(blocks: readonly Block[]): { t: number[]; values: (number | null | undefined)[][] } {
  const t = [...new Set(blocks.flatMap((b) => b.t))].sort((a, b) => a - b);
  const at = new Map(t.map((x, i) => [x, i]));
  const values = blocks.map((b) => {
    const column: (number | null | undefined)[] = new Array(t.length).fill(undefined);
    b.t.forEach((x, i) => (column[at.get(x)!] = b.mean[i]));
    return column;
  });
  return { t, values };
}

/** Rain of a step is the sum of what fell in it, not the mean of its readings. */
export function summed(b: Block): Block {
  if (b.step === 0 || !b.n) return b;
  const sum = b.mean.map((v, i) => (v === null ? null : v * b.n![i]!));
  return { ...b, mean: sum, low: sum, high: sum };
}

/** Spans without values that are longer than usual, as withGaps opens them. */
export function gapsOf(b: Block, usual?: number): [number, number][] {
  const limit = 2.5 * (b.step || usual || medianDistance(b.t));
  if (!(limit > 0)) return [];
  return b.t.slice(1).flatMap((at, i): [number, number][] => (at - b.t[i]! > limit ? [[b.t[i]!, at]] : []));
}

export function shifted(b: Block, by: (at: number) => number): Block {
  return { ...b, from: by(b.from), to: by(b.to), t: b.t.map(by) };
}
