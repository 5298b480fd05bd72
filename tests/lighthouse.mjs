/* Logs in and measures pages: node lighthouse.mjs CATEGORY BASE E-MAIL PASSWORD PATH…; a line of JSON for each page. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const here = createRequire(`${process.cwd()}/`);
const load = async (name) => (await import(pathToFileURL(here.resolve(name)))).default;
const [lighthouse, puppeteer] = [await load("lighthouse"), await load("puppeteer-core")];
const [category, base, email, password, ...paths] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`${base}/anmelden`);
await page.type("[name=login]", email);
await page.type("[name=password]", password);
await Promise.all([page.waitForNavigation(), page.click("main button.main")]);
const port = Number(new URL(browser.wsEndpoint()).port);
const onlyCategories = [category];
for (const path of paths) {
  const { lhr } = await lighthouse(base + path, { port, onlyCategories, disableStorageReset: true });
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(100 * score)]);
  console.log(JSON.stringify({ path, ...Object.fromEntries(scores) }));
}
await browser.close();
