// Uses the page at the URL of the first argument as people do, in the browser of the second, and prints as JSON what
// came of each story: null, or what went wrong. Nothing here waits for a time: each step waits for what it needs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [url, executablePath] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath, timeout: 240_000 });
const WIDE = { viewport: { width: 1440, height: 900 } };
const NARROW = { viewport: { width: 390, height: 844 } };

/** Opens the page, and runs a story on it. What the page itself complains of, or asks others for, fails the story. */
async function story(options, steps) {
  const context = await browser.newContext(options);
  const complaints = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => request.url() === url || complaints.push(`asks for ${request.url()}`));
    await page.goto(url);
    await steps(page);
    assert.deepEqual(complaints, []);
    return null;
  } catch (error) {
    return `${error.message}\n${complaints.join("\n")}`;
  } finally {
    await context.close();
  }
}

const shows = async (page, selector, text) => {
  await page.locator(selector, { hasText: text }).first().waitFor();
};

async function fits(page) {
  const [whole, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(whole <= window, `is ${whole} pixels wide in a window of ${window}`);
}

/** Has nothing serious for people who cannot see, hear or point. `rules` are those of axe that are left out. */
async function isAccessible(page, ...rules) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (without) =>
      axe.run({ resultTypes: ["violations"], rules: Object.fromEntries(without.map((id) => [id, { enabled: false }])) }),
    rules,
  );
  const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
}

const lightness = (page) =>
  page.evaluate(() => Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]));

const stories = {
  async "wide and light"() {
    return story({ ...WIDE, colorScheme: "light" }, async (page) => {
      await fits(page);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll("#reach .scroll")].filter((each) => each.scrollWidth > each.clientWidth).length);
      assert.equal(cut, 0); // every column is in sight
      await isAccessible(page);
      assert.ok((await lightness(page)) > 200);
    });
  },
  async "wide and dark"() {
    return story({ ...WIDE, colorScheme: "dark" }, async (page) => {
      await fits(page);
      await isAccessible(page);
      assert.ok((await lightness(page)) < 60);
    });
  },
  async "narrow and unfolded"() {
    return story({ ...NARROW, colorScheme: "light" }, async (page) => {
      await fits(page);
      await page.evaluate(() => document.querySelectorAll("details").forEach((each) => (each.open = true)));
      await fits(page);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll(".scroll:not(.picture)")].filter((each) => each.scrollWidth > each.clientWidth).length);
      assert.equal(cut, 0); // only the pictures scroll sideways
      const least = await page.evaluate(() =>
        Math.min(...[...document.querySelectorAll("dd")].map((each) => each.clientWidth).filter(Boolean)));
      assert.ok(least > 120, `a value has ${least} pixels`);
      await isAccessible(page, "color-contrast"); // the colours are those of the stories before
    });
  },
  async "narrow and dark"() {
    return story({ ...NARROW, colorScheme: "dark" }, async (page) => {
      await fits(page);
      const cell = page.getByRole("button", { name: "internet to core: tcp" }).first();
      assert.equal(await cell.evaluate((each) => getComputedStyle(each, "::before").content), '"core"');
      await cell.click(); // cards say where each cell leads, and open the same answer
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      assert.ok((await lightness(page)) < 60);
    });
  },
  async "a cell opens its answer"() {
    return story(WIDE, async (page) => {
      const cell = page.getByRole("button", { name: "internet to public_load_balancer: tcp" }).first();
      await cell.click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("yes: internet can open").waitFor();
      await dialog.getByText("infra reach dev --from internet --to public_load_balancer").waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "hidden" });
      assert.ok(await cell.evaluate((each) => each === document.activeElement), "the focus is not back");
      await page.getByRole("button", { name: "internet to event_store: no" }).first().click();
      await dialog.getByText("no: internet cannot open anything to event_store").waitFor();
      await page.mouse.click(5, 5); // beside it
      await dialog.waitFor({ state: "hidden" });
    });
  },
  async "the keyboard is enough"() {
    return story(WIDE, async (page) => {
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
      const grid = page.getByRole("table", { name: "Who reaches whom in dev" });
      const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
      assert.equal(await grid.locator("button[tabindex='0']").count(), 1);
      await grid.locator("button[tabindex='0']").focus();
      const first = await focused();
      await page.keyboard.press("ArrowRight");
      const second = await focused();
      assert.notEqual(second, first);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowLeft");
      assert.equal(await focused(), first);
      for (let step = 0; step < 50; step++) await page.keyboard.press("ArrowLeft"); // there is no way out to the left
      assert.match(await focused(), /^internet to /);
      assert.equal(await grid.locator("button[tabindex='0']").count(), 1);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      assert.match(await focused(), /^internet to /);
    });
  },
  async "one environment is shown"() {
    return story(WIDE, async (page) => {
      const part = (name) => page.locator(`#reach [data-environment='${name}']`);
      await part("dev").waitFor();
      await part("staging").waitFor({ state: "hidden" });
      await page.getByRole("radio", { name: "dev" }).focus();
      await page.keyboard.press("ArrowRight");
      await part("staging").waitFor();
      await part("dev").waitFor({ state: "hidden" });
      await part("staging").getByRole("button", { name: "internet to core: tcp" }).click();
      await page.getByText("infra reach staging --from internet --to core").waitFor();
    });
  },
  async "search"() {
    return story(NARROW, async (page) => {
      const field = page.locator("#inventory input");
      const rows = page.locator("#parts tbody tr");
      const all = await rows.count();
      await field.fill("aws_mq_broker MESSAGING/");
      await shows(page, "#inventory output", `1 of ${all}`);
      await page.getByText("messaging/broker", { exact: true }).waitFor();
      assert.equal(await page.locator("#parts details:visible").count(), 1);
      await field.fill("nothing has this");
      await shows(page, "#inventory output", `0 of ${all}`);
      await field.fill("");
      await page.locator("#inventory output", { hasText: "of" }).waitFor({ state: "detached" });
      assert.equal(await page.locator("#parts details[open]").count(), 0);
      assert.equal(await page.locator("#parts tbody tr[hidden]").count(), 0);
      await page.locator("#access input:visible").fill("event-store/table");
      await page.locator("#access output:visible", { hasText: " of " }).waitFor();
      assert.ok((await page.locator("#access tbody tr:visible").count()) > 0);
      await page.locator("#access input:visible").fill("topic-payment-failed-failures");
      await page.locator("#access details[open] code", { hasText: "payment-failed-failures" }).first().waitFor();
    });
  },
  async "paper has everything"() {
    return story({ ...WIDE, colorScheme: "dark" }, async (page) => {
      await page.evaluate(() => {
        addEventListener("beforeprint", () => {
          window.closedOnPaper = document.querySelectorAll("details:not([open])").length;
          window.hiddenOnPaper = document.querySelectorAll("#parts :is(tbody tr, details)[hidden]").length;
        });
      });
      const rows = await page.locator("#parts tbody tr").count();
      await page.locator("#inventory input").fill("aws_mq_broker MESSAGING/");
      await shows(page, "#inventory output", `1 of ${rows}`);
      const pdf = await page.pdf({ format: "A4" });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      assert.equal(await page.evaluate(() => window.closedOnPaper), 0);
      assert.equal(await page.evaluate(() => window.hiddenOnPaper), 0);
      assert.ok((await page.locator("details:not([open])").count()) > 0, "what was closed is open afterwards");
      assert.equal(await page.locator("#parts details:visible").count(), 1); // what was searched is so again
      await shows(page, "#inventory output", `1 of ${rows}`);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      for (const name of ["dev", "staging"]) await page.locator(`#network [data-environment='${name}']`).waitFor();
      await page.getByRole("navigation").waitFor({ state: "hidden" });
      assert.equal(await lightness(page), 255);
    });
  },
  async "without a script"() {
    return story({ ...WIDE, javaScriptEnabled: false }, async (page) => {
      await page.getByText("Without JavaScript the cells do not open.").first().waitFor();
      for (const name of ["dev", "staging"]) await page.locator(`#reach [data-environment='${name}']`).waitFor();
    });
  },
};

const found = {};
for (const [name, run] of Object.entries(stories)) found[name] = await run();
await browser.close();
process.stdout.write(JSON.stringify(found) + "\n");
