// The quality page of web.mjs: its sections, tests, corrections, judgements and seasons.

/** The visits of the page, with what web.mjs checks, looks at and goes by. */
export function qualityVisits({ check, go, look }) {
  const open = (page, tab) => page.click(`#quality-tab-${tab}`);

  /** The sections: one stop of the tabulator, arrows between them, and what was typed stays. */
  async function useTabs(page) {
    check((await page.locator("[role=tabpanel]:visible").count()) === 1, "one section of the quality page at a time");
    const screens = await page.evaluate(() => document.documentElement.scrollHeight / innerHeight);
    check(screens < 2.6, `the quality page takes ${screens.toFixed(1)} screens`);
    await page.locator("#quality-tab-layers").focus();
    const focused = () => page.evaluate(() => document.activeElement.id);
    for (const [key, id] of [["ArrowRight", "tests"], ["End", "water"], ["ArrowRight", "layers"], ["ArrowLeft", "water"], ["Home", "layers"], ["ArrowRight", "tests"], ["ArrowRight", "correct"]]) {
      await page.keyboard.press(key);
      check((await focused()) === `quality-tab-${id}` && (await page.isVisible(`#quality-${id}`)), `${key} opens ${id}`);
    }
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.querySelector("#quality-correct").contains(document.activeElement)), "from the tabs the tabulator leads into the section");
    await page.fill("#quality-correct input[name=reason]", "書きかけ");
    await open(page, "visit");
    await look(page, "quality-visit");
    await open(page, "correct");
    check((await page.inputValue("#quality-correct input[name=reason]")) === "書きかけ", "what was typed in a section is there again");
    await page.fill("#quality-correct input[name=reason]", "");
  }

  async function visitQuality(page, site, ids) {
    await go(page, `#/sites/${site.id}/quality`);
    await page.waitForSelector("select");
    await page.selectOption("main select >> nth=0", String(ids.zn));
    await page.waitForSelector(".uplot");
    await page.waitForSelector("td:has-text('rate_of_change')");
    await page.waitForSelector(".u-legend:has-text('補正後')");
    await look(page, "quality");
    await useTabs(page);
    await open(page, "tests");
    const tests = page.locator("form:has(input[name=fail_min])");
    page.provokes = true; // refusals of the server, in the reader's language down to the values
    await tests.locator("input[name=fail_min]").fill("60");
    await tests.locator("button.main").click();
    await tests.locator("[role=alert]:has-text('センサーの測定下限 60 が測定上限 50 を上回っています。')").waitFor();
    check(!/[a-z]{3}/.test(await tests.locator("[role=alert]").textContent()), "a refusal has no English in it");
    await look(page, "quality-refused");
    page.provokes = false;
    await tests.locator("select").selectOption("flat-line");
    await page.fill("input[name=suspect_s]", "86400");
    await page.click("form:has(input[name=suspect_s]) button.main");
    await page.waitForSelector("td:has-text('停滞値の検査')");
    check((await page.textContent("main")).includes("1 日"), "numbers of a test stand with their words and units");
    await open(page, "correct");
    await page.fill("form:has(input[name=a]) input[name=a]", "0.1");
    await page.fill("form:has(input[name=a]) input[name=reason]", "比較計との差");
    await page.click("form:has(input[name=a]) button.main");
    await open(page, "layers");
    await page.waitForSelector("td:has-text('比較計との差')");
    await page.waitForTimeout(1100); // a form's seconds are whole
    const past = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 19).replace(/:00$/, ""); // the shortest form is the field's
    await page.waitForTimeout(1100);
    await page.locator("tr:has-text('比較計との差') button:text-is('取り消す')").click();
    await page.fill("dialog input[name=reason]", "間違い");
    await look(page, "quality-undo");
    await page.click("dialog form.card button.main");
    await page.waitForSelector("tr:has-text('比較計との差')", { state: "detached" });
    await page.click("label:has-text('取消し済みも表示') input");
    await page.waitForSelector("tr:has-text('比較計との差'):has-text('間違い'):has-text('chief')"); // who undid it and why
    await page.click("label:has-text('取消し済みも表示') input");
    await page.fill("input[name=as_of]", past);
    await page.waitForSelector("tr:has-text('比較計との差')"); // as it was before that
    await page.fill("input[name=as_of]", "");
    await page.waitForSelector("tr:has-text('比較計との差')", { state: "detached" });
    await open(page, "judge");
    await page.selectOption("form:has(select[name=code]) select[name=code]", "approved");
    await page.fill("form:has(select[name=code]) input[name=reason]", "月例確認");
    await page.click("form:has(select[name=code]) button.main");
    await open(page, "layers");
    await page.waitForSelector("tr:has-text('月例確認'):has-text('承認済み'):has-text('chief')");
    await visitSpans(page);
  }

  /** Seasons of the climatology test: wrong ones are refused with their row, right ones are set and shown in words. */
  async function visitSpans(page) {
    const form = page.locator("form:has(input[name=span_from])");
    await open(page, "tests");
    await page.locator("form:has(input[name=fail_min]) select, form:has(input[name=suspect_s]) select, form:has(select):has-text('検査の追加') select").first().selectOption("climatology");
    await form.waitFor();
    await form.locator("input[name=span_from]").fill("13");
    await form.locator("input[name=span_to]").fill("3");
    await form.locator("input[name=span_suspect_max]").fill("2");
    await form.locator("button.main").click();
    await page.waitForSelector("form [role=alert]:has-text('1〜12')");
    await form.locator("input[name=span_from]").fill("12");
    await form.locator("input[name=span_fail_max]").fill("1");
    await form.locator("button.main").click();
    await page.waitForSelector("form [role=alert]:has-text('順')");
    await form.locator("input[name=span_fail_max]").fill("4");
    await form.locator("button:text-is('時期を追加')").click();
    await form.locator("input[name=span_from]").nth(1).fill("4");
    await form.locator("input[name=span_to]").nth(1).fill("11");
    await form.locator("input[name=span_suspect_max]").nth(1).fill("2.5");
    await look(page, "quality-spans");
    await form.locator("button.main").click();
    await page.waitForSelector("td:has-text('12–3月')");
    check((await page.textContent("main")).includes("4–11月"), "both seasons are set");
  }

  return { visitQuality, openSection: open };
}
