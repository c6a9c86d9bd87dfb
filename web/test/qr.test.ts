import jsQR from "jsqr";
import { describe, expect, it } from "vitest";
import { keyAddress } from "../src/otpauth";
import { type QrCode, qrCode } from "../src/ui/qr";

const DOTS = 4; // of a module

/** The path on a white ground, as a browser would fill it. */
function pixels({ size, path }: QrCode): Uint8ClampedArray {
  const side = size * DOTS;
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * DOTS; row < (Number(y) + 1) * DOTS; row++) {
      for (let col = Number(x) * DOTS; col < (Number(x) + Number(run)) * DOTS; col++) rgba.fill(0, (row * side + col) * 4, (row * side + col) * 4 + 3);
    }
  }
  return rgba;
}

describe("the QR code of a second factor", () => {
  it.each([["chief", "JBSWY3DPEHPK3PXP"], ["佐藤 花子@北鉱山", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]])("is read by a reader that is not its maker: %s", async (name, secret) => {
    const address = keyAddress(name, secret);
    const code = await qrCode(address);
    const read = jsQR(pixels(code), code.size * DOTS, code.size * DOTS);
    expect(read?.data).toBe(address);
    const url = new URL(read!.data);
    expect([url.searchParams.get("secret"), url.searchParams.get("issuer"), decodeURIComponent(url.pathname)]).toEqual([secret, "Seiryu", `/Seiryu:${name}`]);
  });
});
