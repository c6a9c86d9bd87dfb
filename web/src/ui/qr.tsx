import { useEffect, useState } from "preact/hooks";

/** Light modules around the code that readers need (ISO/IEC 18004). */
const QUIET = 4;

export interface QrCode {
  /** Modules a side, with the quiet zone. */
  size: number;
  /** The dark modules as the path of an SVG, one rectangle for each run of a row. */
  path: string;
}

/** A text as a QR code of level M. Its library is fetched when a code is drawn, not before. */
export async function qrCode(text: string): Promise<QrCode> {
  const { default: make } = await import("qrcode-generator");
  const code = make(0, "M");
  code.addData(text);
  code.make();
  const n = code.getModuleCount();
  let path = "";
  for (let row = 0; row < n; row++) {
    for (let from = 0, to; from < n; from = to + 1) {
      for (to = from; to < n && code.isDark(row, to);) to++;
      if (to > from) path += `M${QUIET + from} ${QUIET + row}h${to - from}v1h${from - to}z`;
    }
  }
  return { size: n + 2 * QUIET, path };
}

/** Dark on light in either colour scheme: many readers take nothing else. Nothing when the library does not come. */
export function Qr({ text, label }: { text: string; label: string }) {
  const [code, setCode] = useState<QrCode | null>(null);
  useEffect(() => {
    let isHere = true;
    void qrCode(text).then((c) => isHere && setCode(c), () => undefined);
    return () => void (isHere = false);
  }, [text]);
  if (!code) return null;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${code.size} ${code.size}`} shape-rendering="crispEdges">
      <rect width={code.size} height={code.size} fill="#fff" />
      <path d={code.path} fill="#000" />
    </svg>
  );
}
