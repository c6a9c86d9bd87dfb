import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { when } from "../i18n/format";
import { type Nearest, around, nearest } from "./nearest";
import type { Range } from "./range";

const SETTLE_MS = 250; // who moves on through the years is not answered at each step

/** Over an empty chart: that nothing was measured in this span, and the way to where something was. */
export function NoData({ channel, range, onRange }: { channel: number; range: Range; onRange: (next: Range) => void }) {
  const [beside, setBeside] = useState<Nearest | null>(null);
  useEffect(() => {
    let isAsked = true;
    setBeside(null);
    const wait = setTimeout(() => void nearest(channel, range).then((n) => isAsked && setBeside(n), () => undefined), SETTLE_MS);
    return () => {
      isAsked = false;
      clearTimeout(wait);
    };
  }, [channel, Math.round(range.from), Math.round(range.to)]);
  const way = (side: keyof Nearest) => {
    const at = beside?.[side];
    if (at == null) return null;
    return (
      <button type="button" onClick={() => onRange(around(at, range, side, Date.now() / 1000))}>
        {t(`nearest.${side}`, { when: when(at * 1e6) })}
      </button>
    );
  };
  return (
    <div class="nodata">
      <p>{beside && beside.before === null && beside.after === null ? t("chart.never") : t("chart.none")}</p>
      <p class="row">{way("before")}{way("after")}</p>
    </div>
  );
}
