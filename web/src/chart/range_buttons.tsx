import { t, type TextKey } from "../i18n";
import { type Range, lastOf, moved, zoomed } from "./range";

/** A span that a button offers: its word and its length in seconds. */
export type Span = [TextKey, number];

/** Buttons of a time axis: spans that end now, earlier and later, closer and wider. */
export function RangeButtons({ range, set, spans }: { range: Range; set: (r: Range) => void; spans: Span[] }) {
  const now = (): number => Date.now() / 1000;
  const middle = (range.from + range.to) / 2;
  return (
    <>
      <span class="joined">
        {spans.map(([key, s]) => (
          <button key={key} type="button" aria-pressed={Math.abs(range.to - range.from - s) < 1} onClick={() => set(lastOf(s, now()))}>{t(key)}</button>
        ))}
      </span>
      <span class="joined">
        <button type="button" onClick={() => set(moved(range, -0.5, now()))} aria-label={t("chart.earlier")}>←</button>
        <button type="button" onClick={() => set(moved(range, 0.5, now()))} aria-label={t("chart.later")}>→</button>
        <button type="button" onClick={() => set(zoomed(range, 0.5, middle, now()))} aria-label={t("chart.in")}>+</button>
        <button type="button" onClick={() => set(zoomed(range, 2, middle, now()))} aria-label={t("chart.out")}>−</button>
      </span>
    </>
  );
}
