import type { Block } from "./blocks";
import { gapsOf } from "./blocks";

const WIDTH = 100;
const HEIGHT = 24;
const PAD = 2;
/** Less than this part of the value is noise: it is not drawn as high as the picture. */
const LEAST = 0.05;

/** What a line through the block is drawn with: one piece for each stretch without a gap. */
export function piecesOf(block: Block, from: number, to: number): string[] {
  const known = block.mean.filter((v): v is number => v !== null);
  if (known.length < 2) return [];
  const middle = (Math.min(...known) + Math.max(...known)) / 2;
  const room = Math.max(Math.max(...known) - Math.min(...known), LEAST * Math.abs(middle)) || 1;
  const low = middle - room / 2;
  const starts = new Set(gapsOf(block).map(([, end]) => end));
  const pieces: string[][] = [[]];
  block.t.forEach((at, i) => {
    const v = block.mean[i];
    if (v == null || starts.has(at)) pieces.push([]);
    if (v == null) return;
    const x = ((at - from) / (to - from)) * WIDTH;
    const y = HEIGHT - PAD - ((v - low) / room) * (HEIGHT - 2 * PAD);
    pieces[pieces.length - 1]!.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  });
  return pieces.filter((p) => p.length > 1).map((p) => p.join(" "));
}

/** The course of the last day, small; the number beside it is what it says. */
export function Spark({ block, bars }: { block: Block; bars?: boolean }) {
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {piecesOf(block, block.from, block.to).map((points, i) => <polyline key={i} points={points} class={bars ? "rain" : ""} />)}
    </svg>
  );
}
