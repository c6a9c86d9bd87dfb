// The second factor on the account page of web.mjs: its QR code is read off the screen, and a code made from what it says signs the form.
import { createHmac } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 6238 with SHA-1, six digits, 30 s. */
function codeOf(secret, step) {
  const bits = [...secret].map((c) => BASE32.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export function accountVisits({ check, look, require }) {
  const jsQR = require("jsqr");

  /** What a camera before the screen would read. */
  async function read(page) {
    const png = (await page.locator("svg.qr").screenshot()).toString("base64");
    const { data, width, height } = await page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const ink = canvas.getContext("2d");
      ink.drawImage(image, 0, 0);
      return { data: [...ink.getImageData(0, 0, image.width, image.height).data], width: image.width, height: image.height };
    }, `data:image/png;base64,${png}`);
    return jsQR(Uint8ClampedArray.from(data), width, height)?.data;
  }

  async function enrol(page, name, password) {
    await page.click("button:text-is('設定する')");
    await page.waitForSelector("svg.qr");
    await look(page, "account-totp");
    const size = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await look(page, "phone-account-totp");
    await page.setViewportSize(size);
    const secret = await page.textContent("form:has(svg.qr) code");
    const address = await read(page);
    check(address === `otpauth://totp/Seiryu:${name}?secret=${secret}&issuer=Seiryu`, `the QR code says ${address}`);
    const told = new URL(address ?? "otpauth://totp/").searchParams.get("secret") ?? "";
    await page.fill("input[name=code]", codeOf(told, Math.floor(Date.now() / 30_000)));
    await page.click("form:has(input[name=code]) button.main");
    await page.waitForSelector("h2:has-text('二段階認証: 有効')");
    const off = page.locator("form:has(h2:has-text('二段階認証'))");
    await off.locator("input[name=password]").fill(password);
    await off.locator("button.main").click();
    await page.waitForSelector("button:text-is('設定する')");
  }

  return { enrol };
}
