// Print HTML files to PDF, and screenshots of them, in one run of Chromium.
// Standard input: JSON {browser, jobs: [{file, pdf, format, scheme} | {file, png, width, height, zoom, grey}]}. Background graphics
// stay off, as in a browser's own print dialogue.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const { browser: executablePath, jobs } = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  for (const job of jobs) {
    const page = await browser.newPage(
      job.png ? { viewport: { width: job.width, height: job.height ?? 800 }, deviceScaleFactor: job.zoom ?? 1 } : {},
    );
    const outside = [];
    page.on("request", (request) => request.url().startsWith("file:") || outside.push(request.url()));
    await page.goto(pathToFileURL(job.file).href);
    if (job.scheme) await page.emulateMedia({ colorScheme: job.scheme });
    if (job.pdf) await page.pdf({ path: job.pdf, format: job.format });
    if (job.png) await page.screenshot({ path: job.png, fullPage: true });
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    console.log(JSON.stringify({ ...job, scrolls, outside }));
    await page.close();
  }
} finally {
  await browser.close();
}
