import { get, query } from "../api/client";
import type { Layer, Series } from "../api/types";
import { type Block, Blocks } from "./blocks";
import { type Range, withMargin } from "./range";

const POINTS = 1600;
const US = 1e6;
const NOT_CHECKED = 2;
const MISSING = 2; // of the server's kinds

/** One answer of the server as a block; bins stand at their middle. */
export function blockOf(s: Series, from: number, to: number): Block {
  const step = s.mode === "bins" ? s.step_us / US : 0;
  const value = s.value.map((v, i) => (s.kind?.[i] === MISSING ? null : v));
  return {
    from, to, step,
    t: s.time_us.map((us) => us / US + step / 2),
    mean: value, low: s.min ?? value, high: s.max ?? value,
    flag: s.value.map(() => NOT_CHECKED), n: s.n,
  };
}

/** The flags that hold, laid over a block: the worst of those that cover a moment. */
export function flagged(block: Block, layers: readonly Layer[]): Block {
  const flags = layers.filter((l) => l.kind === "flag" && l.level !== undefined);
  if (flags.length === 0) return block;
  const half = (block.step * US) / 2; // a bin is flagged when anything in it is
  const flag = block.t.map((at, i) => {
    const levels = flags.filter((l) => at * US + half >= l.start_us && at * US - half < l.end_us).map((l) => l.level!);
    return levels.length ? Math.max(...levels.filter((x) => x !== 9), levels.includes(9) ? 9 : 0) : block.flag[i]!;
  });
  return { ...block, flag };
}

/** Blocks of many channels, fetched together for a range and kept. */
export class Source {
  private kept = new Map<number, Blocks>();

  /** corrected: values after the corrections that hold, or held at as_of. */
  constructor(private readonly corrected = false, private readonly asOf?: number) {}

  best(channel: number, r: Range): Block | null {
    return this.kept.get(channel)?.best(r) ?? null;
  }

  /** Brings what the range still lacks of these channels; false when nothing was missing. */
  async fill(channels: readonly number[], r: Range): Promise<boolean> {
    const wanted = channels.filter((c) => !this.kept.get(c)?.isFineEnough(r, POINTS / 4));
    if (wanted.length === 0) return false;
    const { from, to } = withMargin(r);
    const q = query({ channels: wanted.join(","), from: Math.round(from * US), to: Math.round(to * US), points: POINTS,
      corrected: this.corrected ? 1 : undefined, as_of: this.asOf });
    const answer = await get<{ series: Series[] }>(`/observations${q}`);
    for (const s of answer.series) {
      const blocks = this.kept.get(s.channel) ?? new Blocks();
      blocks.add(blockOf(s, from, to));
      this.kept.set(s.channel, blocks);
    }
    return true;
  }
}
