// web.mjs SEIRYUD WEB [SCREENS] - the dashboard in a real browser against the real server: every page, every role, both languages,
// a wide and a narrow screen. WEB is the built dashboard. Counts requests to other hosts and axe-core's findings; both must be none.
import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { accountVisits } from "./web_account.mjs";
import { qualityVisits } from "./web_quality.mjs";

const [seiryud, web, screens] = process.argv.slice(2);
const require = createRequire(resolve("web/package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const PASSWORD = "correct horse battery";
const DAY_MS = 86_400_000;
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const QUIET = new Set(["minor", "moderate"]); // of axe-core; serious and critical ones fail

const folder = mkdtempSync(join(tmpdir(), "seiryu-web-"));
const problems = [];
const counts = { pages: 0, foreign: 0, axe: 0, checks: 0 };

const check = (holds, text) => {
  counts.checks++;
  if (!holds) problems.push(text);
};

const freePort = () =>
  new Promise((done) => {
    const s = createServer().listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });

// ---- the server and what it knows -----------------------------------------------------------------

const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const config = join(folder, "seiryud.yaml");
writeFileSync(config, `store: sqlite:${folder}/store.db\nsecret: key\nhttp: {port: ${port}, web: ${resolve(web)}}\nwebhook: {hosts: alarms.invalid}\n`);
const token = execFileSync(seiryud, ["init-admin", config], { encoding: "utf8" }).trim();
const server = spawn(seiryud, ["run", config], { stdio: "ignore" });

const until = async (what, f) => {
  for (let i = 0; i < 200; i++) {
    if (await f().catch(() => false)) return;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`no ${what} within 10 s`);
};

let cookie = "";
let csrf = "";
async function api(method, path, body, type = "application/json") {
  const answer = await fetch(base + path, {
    method, body: body === undefined ? undefined : type === "application/json" ? JSON.stringify(body) : body,
    headers: { "Content-Type": type, Cookie: cookie, "X-CSRF-Token": csrf },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const set = answer.headers.get("set-cookie");
  if (set) cookie = set.split(";")[0];
  return answer.headers.get("content-type")?.startsWith("application/json") ? answer.json() : answer.text();
}

const CHANNELS = [
  ["ph", "pH", "pH", "ph", "", 5.8, 8.6], ["temp", "Water temperature", "水温", "temp", "c", null, null],
  ["flow", "Flow", "流量", "flow", "l_min", null, null], ["zn", "Zinc", "亜鉛", "zn", "mg_l", null, 2],
  ["rain", "Rain", "降雨", "rain", "", null, null],
];

function measurements(days) {
  const rows = ["time,ph,temp_c,flow_l_min,zn_mg_l"];
  const end = Date.now() - 600_000;
  for (let t = end - days * DAY_MS; t < end; t += 600_000) {
    if (t > end - 3 * DAY_MS && t < end - 2.5 * DAY_MS) continue; // half a day without radio
    const d = t / DAY_MS;
    const storm = Math.exp(-(((t - (end - 5 * DAY_MS)) / (0.4 * DAY_MS)) ** 2));
    rows.push([new Date(t).toISOString(), (7.2 + 0.2 * Math.sin(6.28 * d) - 0.9 * storm).toFixed(2),
      (12 + 3 * Math.sin((6.28 * d) / 30)).toFixed(1), (100 + 160 * storm).toFixed(0), (0.6 + 1.9 * storm + 0.05 * Math.sin(40 * d)).toFixed(3)].join());
  }
  return rows.join("\n") + "\n";
}

async function furnish() {
  await api("POST", "/api/v1/first-login", { token, name: "chief", password: PASSWORD });
  csrf = (await api("POST", "/api/v1/session", { name: "chief", password: PASSWORD })).csrf;
  const site = await api("POST", "/api/v1/sites", { key: "north", name: "North mine", name_ja: "北鉱山", latitude: 39.9, longitude: 140.9,
    note: "Simulated for this test" });
  await api("POST", "/api/v1/sites", { key: "south", name: "South mine", name_ja: "南鉱山", latitude: 34.5, longitude: 133.2 });
  const station = await api("POST", `/api/v1/sites/${site.id}/stations`, { key: "outlet", name: "Outlet", name_ja: "放流口", interval_s: 600,
    transport: "http" });
  const ids = {};
  for (const [key, name, name_ja, quantity, unit, low, high] of CHANNELS) {
    const channelKey = unit ? `${key}_${unit}` : key;
    ids[key] = (await api("POST", `/api/v1/stations/${station.id}/channels`, { key: channelKey, name, name_ja, quantity, unit, decimals: 2, low, high })).id;
  }
  await api("POST", `/api/v1/stations/${station.id}/frames`, measurements(20), "text/csv");
  const us = Date.now() * 1000;
  await api("POST", `/api/v1/channels/${ids.zn}/layers`, { kind: "flag", start_us: us - 5.2 * DAY_MS * 1000, end_us: us - 4.8 * DAY_MS * 1000,
    code: "rate_of_change", level: 3, reason: "storm" });
  await api("POST", `/api/v1/sites/${site.id}/laboratory`, { sampled_us: us, quantity: "zn", fraction: "total", value: 0.005, below_loq: true,
    unit: "mg_l", method: "JIS K 0102-3", laboratory: "Lab" });
  const gate = await furnishDesks(site, station, ids);
  const users = {};
  for (const role of ["viewer", "operator", "engineer", "auditor"]) {
    const made = await api("POST", "/api/v1/users", { name: role, full_name: role, lang: "ja", grants: [{ role, site: role === "auditor" ? null : site.id }] });
    const first = await fetch(base + "/api/v1/first-login", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token: made.token, password: PASSWORD }) });
    check(first.ok, `first sign-in of ${role}: ${first.status}`);
    users[role] = role;
  }
  return { site: { ...site, station: station.id }, ids, gate };
}

/** Tests of quality control, a correction, an alarm that has just begun, a gate that can be operated. */
async function furnishDesks(site, station, ids) {
  const us = Date.now() * 1000;
  const row = (at, zn) => api("POST", `/api/v1/stations/${station.id}/frames`, `time,zn_mg_l\n${new Date(at / 1000).toISOString()},${zn}\n`, "text/csv");
  await api("PUT", `/api/v1/channels/${ids.zn}/qc`, { from_us: us - 10 * DAY_MS * 1000, tests: [
    { test: "gross-range", params: { fail_min: 0, fail_max: 50, suspect_max: 2.2 } }, { test: "spike", params: { suspect: 0.5 } }] });
  await until("quality control", async () => !(await api("GET", `/api/v1/channels/${ids.zn}/qc`)).due);
  await api("POST", `/api/v1/channels/${ids.zn}/layers`, { kind: "correction", code: "drift", start_us: us - 3 * DAY_MS * 1000, end_us: us,
    params: { a: 0, b: -0.3 }, reason: "汚れ" });
  for (const name of ["当番", "所長"]) await api("POST", `/api/v1/sites/${site.id}/targets`, { kind: "webhook", name, address: "https://alarms.invalid/hook" });
  const rule = { threshold: 2, deadband: 0.2, storm: true };
  await api("POST", `/api/v1/channels/${ids.zn}/alarms`, { name: "Zinc high", name_ja: "亜鉛高濃度", kind: "high", priority: 1, rule });
  await api("POST", `/api/v1/channels/${ids.ph}/alarms`, { name: "pH low", name_ja: "pH低下", kind: "low", priority: 2, rule: { threshold: 5.8 } });
  await api("PUT", `/api/v1/stations/${station.id}/storm`, { interval_s: 60, hold_s: 3600 });
  await row(Date.now() * 1000, 2.6);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const answer_key = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
  await api("PUT", `/api/v1/stations/${station.id}/command-keys`, { address: 9, answer_key });
  await api("POST", `/api/v1/stations/${station.id}/command-points`, { point: 1, name: "Gate", name_ja: "放流ゲート", unit: "m", decimals: 2, low: 0,
    high: 150, tolerance: 1, validity_s: 600 });
  return answers(station, privateKey);
}

/** The station's side of the gate: an answer as docs/protocol-command.md has it, signed, brought in by HTTP. */
function answers(station, key) {
  return async ({ kind, counter, position, done = 0, nonce = 0 }) => {
    const body = Buffer.alloc(35);
    body.writeUInt8(0x10 | kind, 0);
    body.writeUInt32BE(9, 1);
    body.writeUInt16BE(1, 5);
    body.writeUInt32BE(counter, 8);
    body.writeInt32BE(position, 12);
    body.writeUInt8(done ? 0 : 255, 16);
    body.writeUInt32BE(done, 17);
    body.writeUInt8(25, 21);
    body.writeUInt8(1, 22);
    body.writeUInt32BE(nonce, 23);
    body.writeUInt32BE(Math.floor(Date.now() / 1000), 27);
    body.writeUInt32BE(4711, 31);
    const signed = sign(null, Buffer.concat([Buffer.from("seiryu-answer-v1"), body]), key);
    await api("POST", `/api/v1/stations/${station.id}/frames`, Buffer.concat([body, signed]), "application/vnd.seiryu.answer");
  };
}

// ---- the browser ------------------------------------------------------------------------------------

async function open(browser, size) {
  const context = await browser.newContext({ viewport: size, locale: "ja-JP", timezoneId: "America/New_York", acceptDownloads: true });
  const page = await context.newPage();
  const open = new Set();
  page.on("request", (r) => !r.url().endsWith("/api/v1/live") && open.add(r)); // the stream has no end
  for (const over of ["requestfinished", "requestfailed"]) page.on(over, (r) => open.delete(r));
  page.settled = async () => {
    for (let calm = 0, i = 0; calm < 5 && i < 300; i++) {
      calm = open.size === 0 ? calm + 1 : 0;
      await page.waitForTimeout(50);
    }
  };
  page.on("request", (r) => {
    if (!r.url().startsWith(base) && !r.url().startsWith("blob:")) {
      counts.foreign++;
      problems.push(`request to another host: ${r.url()}`);
    }
  });
  page.on("pageerror", (e) => problems.push(`error in the page: ${e.message}`));
  page.on("console", (m) => {
    if (m.type() === "error" && !(page.provokes ? /status of 4/ : /status of (401|403|429)/).test(m.text())) problems.push(`console: ${m.text()}`);
  });
  return page;
}

async function look(page, name) {
  counts.pages++;
  await page.settled();
  await page.waitForTimeout(250);
  if (screens) await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
  // by the debugger, so that the server's content policy stays in force
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Runtime.evaluate", { expression: axe });
  const { result } = await cdp.send("Runtime.evaluate", { awaitPromise: true, returnByValue: true,
    expression: "axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.map((v) => ({id: v.id, impact: v.impact, at: v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')})))" });
  await cdp.detach();
  for (const v of result.value ?? []) {
    if (QUIET.has(v.impact)) continue;
    counts.axe++;
    problems.push(`${name}: axe ${v.impact} ${v.id} at ${v.at}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(wide <= 1, `${name}: ${wide} px wider than the screen`);
}

const isSignIn = (r) => r.url() === base + "/api/v1/session" && r.request().method() === "POST";

/** Signs in; where the server asks to wait, as it does after several tries from one address, it waits.
 *  It goes by the server's answer: the notice of an earlier try stands on the page until the next answer is in. */
async function signIn(page, name) {
  await page.goto(base + "/");
  await page.fill("input[name=name]", name);
  await page.fill("input[name=password]", PASSWORD);
  for (let tries = 0; tries < 30; tries++) {
    const [answer] = await Promise.all([page.waitForResponse(isSignIn), page.click("form button.main")]);
    if (answer.ok()) return page.waitForSelector("header.bar");
    if (answer.status() !== 429) throw new Error(`${name} cannot sign in: ${answer.status()} ${await answer.text()}`);
    await page.waitForTimeout(2000);
  }
  throw new Error(`${name} is asked to wait for too long`);
}

const go = async (page, hash) => {
  await page.evaluate((h) => (location.hash = h), hash);
  await page.waitForTimeout(150);
};

const { visitQuality, openSection } = qualityVisits({ check, go, look });
const { enrol } = accountVisits({ check, look, require });

async function visitAlarms(page, site) {
  await page.waitForSelector("header.bar .count");
  await go(page, "#/alarms");
  await page.waitForSelector("td:has-text('亜鉛高濃度')");
  check((await page.textContent("main")).includes("発生(未確認)"), "an alarm that nobody has seen");
  check((await page.textContent("main")).includes("豪雨モード実行中"), "storm mode is told");
  await look(page, "alarms");
  await page.click("button:text-is('確認')");
  await page.waitForSelector("td:has-text('発生(確認済み)')");
  await page.waitForSelector("header.bar .count", { state: "detached" });
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "region").catch(() => check(false, "after an acknowledgement the keyboard is at the top of the page"));
  await page.click("button:text-is('一時抑止')");
  await page.waitForSelector("dialog[open]");
  await look(page, "alarms-shelve");
  await page.fill("dialog input[name=note]", "現地点検");
  await page.click("dialog form.card button.main");
  await page.waitForSelector("td:has-text('一時抑止')");
  await page.click("button:text-is('履歴')");
  await page.waitForSelector("dialog[open] td:has-text('現地点検')");
  await look(page, "alarms-history");
  await page.click("dialog[open] button.main");
  await page.click("button:text-is('抑止解除')");
  await page.waitForSelector("td:has-text('発生(未確認)')");

  await go(page, `#/sites/${site.id}/alarms`);
  await page.waitForSelector("select[name=kind]");
  await look(page, "site-alarms");
  await page.fill("form:has(select[name=channel]) input[name=name]", "流量急増");
  await page.selectOption("form:has(select[name=channel]) select[name=kind]", "rate-up");
  await page.fill("form:has(select[name=channel]) input[name=threshold]", "100");
  await setSteps(page);
  await page.click("form:has(select[name=channel]) button.main");
  await page.waitForSelector("td:has-text('流量急増')");
  await page.fill("form:has(select[name=channel]) input[name=name]", "しきい値なし");
  await page.click("form:has(select[name=channel]) button.main");
  await page.waitForSelector("form:has(select[name=channel]) [role=alert]");
  await changeRule(page);
}

/** When and whom escalation tells is typed for each rule. */
async function setSteps(page) {
  const form = page.locator("form:has(select[name=channel])");
  for (const [i, minutes, whom] of [[0, "40", "所長"], [1, "7.5", "当番"]]) {
    await form.locator("button:text-is('段階を追加')").click();
    await form.locator("input[name=step_min]").nth(i).fill(minutes);
    await form.locator("select[name=step_target]").nth(i).selectOption({ label: whom });
  }
  await look(page, "site-alarms-steps");
}

const stepsOf = async (name) => {
  const { alarms } = await api("GET", "/api/v1/alarms");
  return JSON.stringify(alarms.find((a) => a.name_ja === name).rule.steps.map((s) => s.after_s));
};

/** The steps are kept as they were typed; a rule that is changed keeps what the form does not ask. */
async function changeRule(page) {
  check((await stepsOf("流量急増")) === "[450,2400]", `steps of escalation: ${await stepsOf("流量急増")}`);
  const row = page.locator("tr:has-text('流量急増')");
  check((await row.textContent()).includes("7.5 分未確認なら当番に再通知"), "escalation stands with the rule in words");
  await row.locator("button:text-is('変更')").click();
  check((await page.inputValue("dialog input[name=threshold]")) === "100" && (await page.inputValue("dialog input[name=step_min] >> nth=1")) === "40", "a rule is changed from what it is");
  await page.fill("dialog input[name=step_min] >> nth=1", "60");
  await page.fill("dialog input[name=threshold]", "120");
  await look(page, "site-alarms-change");
  await page.click("dialog form.card button.main");
  await page.waitForSelector("tr:has-text('流量急増'):has-text('120')");
  check((await stepsOf("流量急増")) === "[450,3600]", `changed steps: ${await stepsOf("流量急増")}`);
}

async function visitCommands(page, site, gate) {
  await go(page, `#/sites/${site.id}/commands`);
  await page.waitForSelector("td:has-text('放流ゲート')");
  await look(page, "commands");
  await page.click("button:text-is('操作…')");
  await page.fill("dialog input[name=value]", "0.50");
  await page.fill("dialog input[name=reason]", "増水");
  await look(page, "commands-ask");
  await page.click("dialog form.card button.main");
  await page.waitForSelector("dialog .countdown");
  check((await page.textContent("dialog")).includes("選択応答待ち"), "it waits for the station");
  check((await page.locator("dialog button.danger").count()) === 0, "nothing can be operated before the station has answered");
  await gate({ kind: 4, counter: 1, position: 20, nonce: 77 });
  await page.waitForSelector("dialog button.danger");
  check((await page.textContent("dialog button.danger")).includes("0.50"), "the button names the value");
  await look(page, "commands-selected");
  await page.click("dialog button.danger");
  await page.waitForSelector("dialog .state:has-text('実行送信')");
  await gate({ kind: 7, counter: 2, position: 50, done: 2 });
  await page.waitForSelector("dialog .state:has-text('完了')");
  await look(page, "commands-done");
  await page.click("dialog button:text-is('閉じる')");
  await page.waitForSelector("td:has-text('0.50')");
  await setUpCommands(page);
}

/** What can be operated is set up on the page: a point from nothing, its range changed, and switched to local. */
async function setUpCommands(page) {
  await page.click("summary:has-text('遠方操作の設定')");
  await page.waitForSelector("form:has(input[name=point])");
  await page.waitForSelector("section:has(h2:text-is('観測局の鍵')) td code");
  check((await page.locator("section:has(h2:text-is('観測局の鍵')) td code").count()) === 2, "the server's two keys are shown, to be put into the station");
  const form = page.locator("form:has(input[name=point])");
  const fill = async (where, values) => {
    for (const [name, value] of Object.entries(values)) await where.locator(`input[name=${name}]`).fill(value);
  };
  await fill(form, { point: "7", name_ja: "薬注弁", decimals: "1", low: "20", high: "5", tolerance: "0.5", validity_s: "300" });
  await form.locator("button.main").click();
  await form.locator("[role=alert]:has-text('最小値')").waitFor();
  await fill(form, { low: "5", high: "20" });
  await look(page, "commands-setup");
  await form.locator("button.main").click();
  const made = page.locator("details tr:has-text('薬注弁')");
  await made.waitFor();
  check((await made.textContent()).includes("5 – 20"), "the range stands in the unit, not in steps");
  await made.locator("button:text-is('変更')").click();
  check((await page.inputValue("dialog input[name=tolerance]")) === "0.5", "what was set is what is changed");
  await page.fill("dialog input[name=high]", "15");
  await page.uncheck("dialog input[name=remote]");
  await page.click("dialog form button.main");
  await page.waitForSelector("details tr:has-text('薬注弁'):has-text('5 – 15'):has-text('現地')");
  await page.waitForSelector("section tr:has-text('薬注弁') button:text-is('操作…'):disabled");
  await fill(form, { point: "7", name_ja: "同じ番号", low: "0", high: "1" });
  page.provokes = true; // a refusal of the server
  await form.locator("button.main").click();
  await form.locator("[role=alert]:has-text('すでに登録されています')").waitFor();
  page.provokes = false;
  await page.fill("input[name=answer_key]", "00".repeat(31));
  await page.locator("form:has(input[name=answer_key]) button.main").click();
  check(await page.evaluate(() => !document.querySelector("input[name=answer_key]").checkValidity()), "a key that is too short is not sent");
}

/** Layouts of a station's records: a quantity is proposed with its bits, a bad one is refused, and what is saved is there again. */
async function setUpProfiles(page, site) {
  await page.locator("details .row button:has-text('(0)')").first().click();
  await page.click("dialog button:text-is('形式を追加')");
  await page.click("dialog form button.main");
  await page.waitForSelector("dialog [role=alert]:has-text('項目のない形式')");
  await page.click("dialog button:text-is('項目を追加')");
  await page.click("dialog button:text-is('項目を追加')");
  check((await page.textContent("dialog fieldset")).includes("バイト"), "the length of a frame is told");
  check((await page.locator("dialog tbody tr").nth(0).textContent()).includes("0.00 – 20.45"), "pH 0 to 14 in steps of 0.01 takes 11 bits, as in the protocol's test vector");
  await page.locator("dialog tbody tr").nth(0).locator("input").nth(3).fill("-100");
  check((await page.locator("dialog tbody tr").nth(0).textContent()).includes("-1.00 – 19.45"), "the range follows what is typed");
  await page.locator("dialog tbody tr").nth(0).locator("input").nth(3).fill("0");
  await look(page, "stations-layouts");
  await page.locator("dialog tbody tr").nth(1).locator("input").nth(0).fill("40");
  await page.click("dialog form button.main");
  check(await page.evaluate(() => !document.querySelector("dialog form").checkValidity()), "40 bits are not sent");
  await page.locator("dialog tbody tr").nth(1).locator("input").nth(0).fill("12");
  await page.click("dialog form button.main");
  await page.waitForSelector("dialog", { state: "detached" });
  await page.waitForSelector("details .row button:has-text('(1)')");
  const kept = (await api("GET", `/api/v1/sites/${site.id}`)).stations[0].profiles;
  check(kept.length === 1 && kept[0].fields.map((f) => `${f.channel} ${f.bits}`).join() === "ph 11,temp_c 12", `kept: ${JSON.stringify(kept)}`);
}

/** A new value stands on the page as soon as the server tells of it: long before it would ask by itself. */
async function hearLive(page, site, ids) {
  const began = Date.now();
  const at = new Date(began).toISOString();
  await api("POST", `/api/v1/stations/${site.station}/frames`, `time,ph\n${at},6.66\n`, "text/csv");
  await page.waitForSelector(".tiles:has-text('6.66')");
  counts.live_ms = Date.now() - began;
  check(counts.live_ms < 15_000, `a new value came after ${counts.live_ms} ms: by asking, not by being told`);
  check(ids.ph > 0, "the channel is there");
}

/** A site, a station and a quantity from nothing, and a limit changed: no program beside the dashboard is needed. */
async function setUp(page) {
  await go(page, "#/sites");
  await page.click("summary:has-text('地点を追加')");
  await page.fill("form input[name=key]", "West Mine");
  await page.fill("form input[name=name_ja]", "西鉱山");
  await page.click("form button.main");
  check((await page.locator("td:has-text('西鉱山')").count()) === 0, "a key that is none is not sent");
  await page.fill("form input[name=key]", "west");
  await page.fill("form input[name=latitude]", "34.4");
  await page.fill("form input[name=longitude]", "131.4");
  await look(page, "sites-add");
  await page.click("form button.main");
  await page.click("a:text-is('西鉱山')");
  await page.waitForSelector(".tabs");
  check((await page.textContent("main")).includes("「観測局」のページ"), "an empty site says where to begin");
  await page.click(".tabs a:text-is('観測局')");
  const station = page.locator("form:has(input[name=interval])");
  await station.locator("input[name=key]").fill("adit");
  await station.locator("input[name=name_ja]").fill("坑口");
  await station.locator("button.main").click();
  await page.waitForSelector("section h2:text-is('坑口')");
  const channel = page.locator("form:has(input[name=decimals])");
  await channel.locator("select").nth(1).selectOption("zn");
  check((await channel.locator("input[name=key]").inputValue()) === "zn" && (await channel.locator("input[name=name_ja]").inputValue()) === "亜鉛", "the list proposes key and name");
  await channel.locator("input[name=high]").fill("2");
  await channel.locator("button.main").click();
  await page.waitForSelector("td:has-text('亜鉛')");
  check((await channel.locator("select[name=unit] option:checked").textContent()) === "mg/L", "the unit stays that of the quantity after saving");
  await look(page, "stations-setup");
  await page.click("td button:text-is('変更')");
  await page.fill("dialog input[name=high]", "1.5");
  await page.click("dialog button.main");
  await page.waitForSelector("td:has-text('1.5')");
}

async function visitAsChief(page, site, ids, gate) {
  await page.goto(base + "/");
  await page.waitForSelector("form");
  await look(page, "signin");
  await page.fill("input[name=name]", "chief");
  await page.fill("input[name=password]", "not the password");
  await page.click("form button.main");
  await page.waitForSelector("[role=alert]");
  check((await page.textContent("[role=alert]")).includes("違います"), "a wrong password is told");
  await signIn(page, "chief");
  await page.waitForSelector("text=北鉱山");
  await page.waitForSelector(".leaflet-interactive");
  await look(page, "sites");

  check((await page.textContent("main")).includes("警報"), "a site with an alarm says so in the list");
  const row = page.locator("tr.tone.alarm:has-text('北鉱山')");
  check((await row.locator(".chips li.beyond").textContent()).includes("2.60 mg/L"), "the list names the value beyond its limit");
  check((await row.textContent()).includes("未確認 1件"), "and how many alarms nobody has seen");
  check((await page.textContent(".tally")).includes("警報"), "sites are counted by state");
  await visitAlarms(page, site);
  await useKeyboard(page);
  await visitCommands(page, site, gate);
  await visitQuality(page, site, ids);

  await go(page, `#/sites/${site.id}/charts`);
  await page.waitForSelector(".uplot");
  check((await page.locator(".uplot").count()) === 5, "five charts are drawn");
  check((await page.textContent(".tiles")).includes("mg/L"), "last values carry their unit");
  await page.waitForSelector(".tiles svg.spark polyline");
  await look(page, "charts");
  await page.locator(".tile:has-text('降雨')").click();
  await page.waitForFunction(() => { const r = [...document.querySelectorAll("figure")].at(-1).getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; });
  await page.emulateMedia({ media: "print" });
  check(!(await page.isVisible("header.bar")) && !(await page.isVisible("[role=toolbar] button")) && (await page.isVisible(".uplot")), "paper shows what was looked at");
  await page.emulateMedia({ media: null });
  await visitEmptySpan(page);
  const before = await page.textContent("[role=toolbar]");
  await page.locator(".plot").first().focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForTimeout(400);
  check((await page.textContent("[role=toolbar]")) !== before, "the arrow key moves the range");
  await page.click("text=1年");
  await page.waitForTimeout(600);
  await page.click("text=年を重ねる");
  await page.waitForTimeout(600);
  await look(page, "charts-year");
  await page.locator("figure button").nth(3).click();
  await page.waitForSelector("figure table");
  check((await page.locator("figure table tbody tr").count()) > 10, "a chart can be read as a table");
  await hearLive(page, site, ids);

  await go(page, `#/sites/${site.id}/stations`);
  await page.waitForSelector("text=最終測定");
  await look(page, "stations");
  await page.click("summary:has-text('観測局・測定項目の設定')");
  await setUpProfiles(page, site);

  await go(page, `#/sites/${site.id}/laboratory`);
  await page.waitForSelector("text=<0.005");
  await page.selectOption("select[name=quantity]", "cd");
  check((await page.locator("select[name=unit] option:checked").textContent()) === "mg/L", "the unit suits the quantity");
  await page.fill("input[name=value]", "<0.012");
  await page.click("form button.main");
  await page.waitForSelector("td:has-text('<0.012')");
  check((await page.textContent("tr:has-text('<0.012')")).includes("放流口"), "a result knows where the sample was taken");
  const chosen = [await page.inputValue("select[name=quantity]"), await page.inputValue("select[name=unit]"), await page.inputValue("input[name=value]")];
  check(chosen.join() === "cd,mg_l,", `the next result begins with the same quantity in its unit: ${chosen}`);
  await page.locator("tr:has-text('<0.012') button:text-is('訂正…')").click();
  await page.fill("input[name=value]", "0.015");
  await page.click("form button.main");
  await page.waitForSelector("td:has-text('0.015')");
  check((await page.locator("td:has-text('0.012')").count()) === 0, "a corrected result is replaced");
  await page.selectOption("select[name=quantity]", "cd");
  await page.fill("input[name=value]", "twelve");
  await page.click("form button.main");
  await page.waitForSelector("form [role=alert]");
  check((await page.inputValue("input[name=value]")) === "twelve", "what was typed is kept when it was refused");
  await look(page, "laboratory");

  await go(page, `#/sites/${site.id}/logbook`);
  await page.fill("textarea", "<b>米ぬか 200 kg 追加</b>");
  await page.fill("input[name=cost]", "12,000");
  await page.click("form button.main");
  await page.waitForSelector("td:has-text('<b>米ぬか')");
  check((await page.locator("td b").count()) === 0, "text is shown as text");
  check((await page.textContent("section:has(h2:text-is('年度別の集計'))")).includes("12,000"), "costs are summed by fiscal year");
  const book = page.waitForEvent("download");
  await page.click("a:text-is('CSV')");
  check(readFileSync(await (await book).path(), "utf8").includes("12000"), "the logbook as a file");
  await look(page, "logbook");

  await go(page, `#/sites/${site.id}/export`);
  await page.waitForSelector("a[download]");
  await look(page, "export");
  const download = page.waitForEvent("download");
  await page.locator("a[download]").first().click();
  const csv = readFileSync(await (await download).path(), "utf8");
  check(csv.split("\n").length > 1000, "the export holds the measurements");
  check(/,spike|,rate_of_change/.test(csv) && !csv.includes("corrected"), "flags are columns of the export");
  await page.check("input[name=corrected]");
  const workbook = page.waitForEvent("download");
  await page.click("a:text-is('Excel')");
  check(readFileSync(await (await workbook).path()).subarray(0, 2).toString() === "PK", "a workbook");
  const corrected = page.waitForEvent("download");
  await page.click("a:text-is('CSV')");
  check(readFileSync(await (await corrected).path(), "utf8").includes("approval,corrected,corrected_kind"), "corrected values stand beside the raw ones");

  await setUp(page);
  await go(page, "#/users");
  await page.waitForSelector("text=viewer");
  await page.fill("input[name=name]", "newcomer");
  await page.click("form button.main");
  await page.waitForSelector("dialog code");
  check((await page.textContent("dialog code")).length >= 20, "a one-time token is shown once");
  await look(page, "users-token");
  await page.click("dialog button");
  await page.locator("tr:has-text('newcomer') button:text-is('役割…')").click();
  await page.waitForSelector("dialog select");
  await look(page, "users-roles");
  await page.selectOption("dialog select >> nth=0", "operator");
  await page.click("dialog button.main");
  await page.waitForSelector("tr:has-text('newcomer'):has-text('操作員')");
  await page.locator("tr:has-text('newcomer') button:text-is('停止')").click();
  await page.waitForSelector("dialog[open]");
  check(!(await page.textContent("tr:has-text('newcomer')")).includes("停止中"), "disabling is asked first");
  await page.click("dialog button.main");
  await page.waitForSelector("tr:has-text('newcomer'):has-text('停止中')");
  await look(page, "users");

  await go(page, "#/audit");
  await page.waitForSelector("text=ハッシュ連鎖");
  check((await page.textContent("main")).includes("正常"), "the audit log's chain holds");
  await look(page, "audit");
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, "phone-audit");
  const screens = await page.evaluate(() => document.documentElement.scrollHeight / innerHeight);
  check(screens < 2, `the audit log takes ${screens.toFixed(1)} screens of a phone`);
  await page.setViewportSize(size);

  await go(page, "#/account");
  await page.waitForSelector("input[name=old]");
  await look(page, "account");
  await enrol(page, "chief", PASSWORD);
  await page.click("text=English");
  await page.waitForSelector("text=Change the password");
  await look(page, "account-en");
  await go(page, `#/sites/${site.id}/charts`);
  await page.waitForSelector(".uplot");
  await look(page, "charts-en");
  for (const tab of ["alarms", "commands", "quality"]) {
    await go(page, `#/sites/${site.id}/${tab}`);
    await page.waitForSelector("main table");
    await look(page, `${tab}-en`);
  }
  await page.click("text=Sign out");
  await page.waitForSelector("input[name=password]");
}

/** Dots of the first chart in the colour of its line. */
const inkOf = (page) => page.evaluate(() => {
  const canvas = document.querySelector("figure canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const line = getComputedStyle(document.documentElement).getPropertyValue("--line-1").trim().match(/[0-9a-f]{2}/g).map((x) => parseInt(x, 16));
  let n = 0;
  for (let i = 0; i < data.length; i += 4) n += data[i + 3] > 200 && line.every((x, k) => Math.abs(data[i + k] - x) < 12);
  return n;
});

/** A span without values is called so, and leads to the nearest ones on either side. */
async function visitEmptySpan(page) {
  const range = () => page.textContent("[role=toolbar] .muted");
  await page.click("button:text-is('1日')");
  // a quarter of a day about the middle of the half day without radio
  for (const [times, button] of [[4, "前へ"], [2, "拡大"], [2, "前へ"]]) for (let i = 0; i < times; i++) await page.click(`button[aria-label='${button}']`);
  await page.waitForSelector(".nodata:has-text('この期間の測定値はありません')");
  await page.waitForFunction(() => document.querySelectorAll("figure .nodata").length === 5).catch(() => undefined);
  check((await page.locator("figure .nodata").count()) === 5, "each empty chart says so");
  check((await inkOf(page)) === 0, "no line is drawn over an empty span");
  const last = page.locator("figure").first().locator("button:has-text('直前の測定値')");
  await last.waitFor();
  await look(page, "charts-empty");
  const was = await range();
  const named = (await last.textContent()).match(/\d[\d/ :]+\d/)[0];
  await last.click();
  await page.locator("figure").first().locator(".nodata").waitFor({ state: "detached" });
  await page.waitForTimeout(300);
  check((await inkOf(page)) > 50, "the line of the span that was gone to is drawn");
  check((await page.textContent("figure .u-legend")).includes(named), `the legend tells the last value that is seen, ${named}`);
  check((await range()) !== was && (await page.textContent("figure figcaption")).includes("測定値"), `the nearest values are shown: ${await range()}`);
  await page.locator("figure button:text-is('表で見る')").first().click();
  check((await page.textContent("figure tbody tr")).startsWith(named), `the last of them is the one that was named, ${named}`);
  await page.locator("figure button:text-is('表で見る')").first().click();
  check((await page.locator("figure").last().locator(".nodata:has-text('まだありません')").count()) === 1, "a quantity that was never measured is told apart");
}

/** The same session on a small screen: the server counts sign-ins. */
async function lookOnPhone(page, site) {
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, "phone-charts");
  await go(page, "#/sites");
  await page.waitForSelector("text=北鉱山");
  await look(page, "phone-sites");
  await go(page, `#/sites/${site.id}/stations`);
  await page.waitForSelector("text=最終測定");
  await look(page, "phone-stations");
  await go(page, "#/alarms");
  await page.waitForSelector("td:has-text('亜鉛高濃度')");
  await look(page, "phone-alarms");
  await go(page, `#/sites/${site.id}/commands`);
  await page.waitForSelector("td:has-text('放流ゲート')");
  await look(page, "phone-commands");
  await go(page, `#/sites/${site.id}/quality`);
  await page.waitForSelector(".uplot");
  await look(page, "phone-quality");
  for (const [tab, what] of [["laboratory", "td:has-text('<0.005')"], ["logbook", "td:has-text('米ぬか')"], ["export", "a[download]"], ["alarms", "td:has-text('pH低下')"]]) {
    await go(page, `#/sites/${site.id}/${tab}`);
    await page.waitForSelector(what);
    await look(page, `phone-${tab}`);
  }
  await weighFirstPage(page);
}

const FIRST_PAGE_MAX = 150_000; // bytes, compressed as nginx does
const SLOW = { offline: false, latency: 100, downloadThroughput: 1e6 / 8, uploadThroughput: 1e6 / 8 };

/** The first page anew with nothing kept, at 1 Mbit/s and 100 ms, uncompressed as the server itself sends it. */
async function weighFirstPage(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  await cdp.send("Network.emulateNetworkConditions", SLOW);
  const bodies = [];
  const none = Buffer.alloc(0);
  // what has come whole: an answer that the reload cuts off never ends
  const take = (q) => !q.url().endsWith("/live") && bodies.push(q.response().then((r) => r?.body() ?? none).catch(() => none));
  page.on("requestfinished", take);
  await page.goto(base + "/#/sites");
  const began = Date.now();
  await page.reload({ waitUntil: "commit" });
  await page.waitForSelector("td:has-text('北鉱山')");
  counts.slow_ms = Date.now() - began;
  await page.waitForSelector(".leaflet-interactive");
  await page.settled();
  page.off("requestfinished", take);
  const sizes = (await Promise.all(bodies)).map((b) => gzipSync(b).length);
  counts.first_page = sizes.reduce((a, b) => a + b, 0);
  check(counts.first_page <= FIRST_PAGE_MAX, `the first page weighs ${counts.first_page} bytes`);
  check(counts.slow_ms < 20_000, `the list of sites came after ${counts.slow_ms} ms at 1 Mbit/s`);
  await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await cdp.detach();
}

/** Without a mouse: past the bar, through a dialog and out of it. */
async function useKeyboard(page) {
  await go(page, "#/alarms");
  await page.waitForSelector("td:has-text('亜鉛高濃度')");
  await page.evaluate(() => { document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); });
  await page.evaluate(() => document.querySelector("a.skip").focus());
  await page.keyboard.press("Enter");
  check(await page.evaluate(() => document.activeElement?.id === "content"), "the skip link leads to the content");
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  for (let i = 0; i < 20 && (await focused()) !== "履歴"; i++) await page.keyboard.press("Tab");
  check((await focused()) === "履歴", "the history of an alarm is reached by the tabulator");
  check(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none"), "what has the focus is seen");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  check(await page.evaluate(() => document.querySelector("dialog[open]").contains(document.activeElement)), "a dialog takes the focus");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await page.locator("label:has-text('すべて表示') input").check();
  await page.locator("tr:has-text('亜鉛高濃度') button:text-is('履歴')").focus();
  const rowOf = () => page.evaluate(() => document.activeElement?.closest("tr")?.textContent ?? "");
  await page.keyboard.press("ArrowDown");
  check(!(await rowOf()).includes("亜鉛高濃度") && (await focused()) === "履歴", "the arrow goes to the same button of the next alarm");
  await page.keyboard.press("ArrowUp");
  check((await rowOf()).includes("亜鉛高濃度"), "and back");
}

/** What each role may do at the desks: a viewer looks, an operator acts, an engineer sets up. */
async function visitDesksAs(page, role, site) {
  const acts = role === "operator" || role === "engineer";
  await go(page, "#/alarms");
  await page.waitForSelector("td:has-text('亜鉛高濃度')");
  check((await page.locator("button:text-is('確認')").count()) === (acts ? 1 : 0), `${role}: acknowledge`);
  await go(page, `#/sites/${site.id}/alarms`);
  await page.waitForSelector("td:has-text('pH低下')");
  if (role === "engineer") await page.waitForSelector("form");
  check((await page.locator("form").count()) === (role === "engineer" ? 3 : 0), `${role}: forms of alarms`);
  await go(page, `#/sites/${site.id}/stations`);
  await page.waitForSelector("section h2:text-is('放流口')");
  check((await page.locator("summary:has-text('観測局・測定項目の設定')").count()) === (role === "engineer" ? 1 : 0), `${role}: stations are set up`);
  await go(page, `#/sites/${site.id}/commands`);
  await page.waitForSelector("td:has-text('放流ゲート')");
  check((await page.locator("tr:has-text('放流ゲート') button:text-is('操作…')").count()) === (acts ? 1 : 0), `${role}: operate`);
  check((await page.locator("summary:has-text('遠方操作の設定')").count()) === (role === "engineer" ? 1 : 0), `${role}: remote operation is set up`);
  if (role === "engineer") {
    await page.click("summary:has-text('遠方操作の設定')");
    await page.waitForSelector("text=鍵は地点の管理者が登録します");
    check((await page.locator("input[name=answer_key]").count()) === 0, "an engineer sees keys and does not set them");
  }
  await go(page, `#/sites/${site.id}/quality`);
  await page.waitForSelector(".uplot");
  for (const tab of ["layers", "tests", "laboratory", "water"]) await openSection(page, tab);
  check((await page.locator("[role=tab]").count()) === (role === "engineer" ? 7 : 4), `${role}: sections of quality control`);
  if (role === "engineer") for (const tab of ["correct", "judge", "visit"]) await openSection(page, tab);
  if (role === "engineer") await page.waitForFunction(() => document.querySelectorAll("form").length >= 4).catch(() => undefined);
  check((await page.locator("form").count()) === (role === "engineer" ? 4 : 0), `${role}: forms of quality control`);
}

/** Where streams do not come through, the page asks by itself as it did before. */
async function askWithoutStream(context, site) {
  const page = await context.newPage();
  await page.clock.install();
  await page.route("**/api/v1/live", (route) => route.abort());
  await page.goto(`${base}/#/sites/${site.id}/charts`);
  await page.waitForSelector(".tiles");
  const at = new Date().toISOString();
  await api("POST", `/api/v1/stations/${site.station}/frames`, `time,ph\n${at},6.77\n`, "text/csv");
  await page.waitForTimeout(700);
  check((await page.locator(".tiles:has-text('6.77')").count()) === 0, "nothing is told without a stream");
  await page.clock.fastForward(21_000);
  await page.waitForSelector(".tiles:has-text('6.77')");
  await page.close();
}

async function visitAs(browser, role, site) {
  const page = await open(browser, { width: 1100, height: 800 });
  await signIn(page, role);
  await page.waitForSelector("text=北鉱山");
  const bar = await page.textContent("header.bar");
  check(!bar.includes("利用者"), `${role} is offered the users`);
  check(bar.includes("監査記録") === (role === "auditor"), `${role}: audit log in the bar`);
  await go(page, `#/sites/${site.id}/logbook`);
  await page.waitForSelector("h2");
  const forms = await page.locator("form").count();
  check(forms === (role === "operator" || role === "engineer" ? 1 : 0), `${role}: ${forms} forms in the logbook`);
  await go(page, `#/sites/${site.id}/charts`);
  await page.waitForSelector(".uplot");
  await look(page, `charts-${role}`);
  await visitDesksAs(page, role, site);
  if (role === "operator") await askWithoutStream(page.context(), site);
  if (role === "viewer") {
    await go(page, `#/sites/${site.id}/charts`);
    await page.waitForSelector(".uplot");
    await lookOnPhone(page, site);
  }
  await page.click("text=ログアウト");
  await page.waitForSelector("input[name=password]");
  await page.context().close();
}

// ---- all ----------------------------------------------------------------------------------------------

let failed = null;
try {
  if (screens) mkdirSync(screens, { recursive: true });
  await until("server", async () => (await fetch(base + "/health")).ok);
  const { site, ids, gate } = await furnish();
  const browser = await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  try {
    const page = await open(browser, { width: 1280, height: 900 });
    await visitAsChief(page, site, ids, gate);
    for (const role of ["viewer", "operator", "engineer", "auditor"]) await visitAs(browser, role, site);
  } finally {
    await browser.close();
  }
} catch (e) {
  failed = e;
} finally {
  server.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
for (const p of problems) console.error(`web.mjs: ${p}`);
if (failed) console.error(failed);
console.log(`web.mjs: ${counts.pages} pages, ${counts.checks} checks, ${counts.foreign} requests to other hosts, ${counts.axe} serious faults of access; a new value on the page after ${counts.live_ms} ms; first page ${counts.first_page} bytes gzip, list of sites after ${counts.slow_ms} ms at 1 Mbit/s`);
process.exit(problems.length || failed ? 1 : 0);
