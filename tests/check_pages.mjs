// Read HTML files as a browser and a validator do. Standard input: JSON {browser, files}. Standard output: a line of JSON for
// each file: html-validate's errors, axe-core's violations on a wide and on a narrow screen and of contrast in the dark, and
// whether it scrolls sideways.
// Files of the same bytes are looked at once.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate/node";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const screens = { wide: 1280, narrow: 320 }; // 320 is also a wide screen at 400 %
const validator = new HtmlValidate({ root: true, extends: ["html-validate:recommended"] });
const { browser: executablePath, files } = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
const known = new Map();

async function look(file) {
  const report = await validator.validateFile(file);
  const errors = report.results.flatMap((result) =>
    result.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`),
  );
  const answer = { errors, violations: [], sideways: [] };
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  for (const [name, width] of Object.entries(screens)) {
    await page.setViewportSize({ width, height: 900 });
    answer.violations.push(...(await violations(name, { type: "tag", values: tags })));
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) answer.sideways.push(name);
  }
  await page.emulateMedia({ colorScheme: "dark" }); // of all rules these alone depend on it
  answer.violations.push(...(await violations("dark", { type: "rule", values: ["color-contrast", "link-in-text-block"] })));
  await page.emulateMedia({ colorScheme: "light" });
  return answer;
}

async function violations(name, runOnly) {
  const options = { runOnly, resultTypes: ["violations"], selectors: false }; // told by their HTML, not by where they are
  const found = await page.evaluate(async (options) => (await globalThis.axe.run(document, options)).violations, options);
  return found.map((one) => `${name}: ${one.id}: ${one.nodes.length} x ${one.nodes[0].html}`);
}

try {
  for (const file of files) {
    const bytes = readFileSync(file, "latin1");
    if (!known.has(bytes)) known.set(bytes, await look(file));
    console.log(JSON.stringify({ file, ...known.get(bytes) }));
  }
} finally {
  await browser.close();
}
