// Print HTML files to PDF in one run of Firefox, driven through WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/).
// Standard input: JSON {firefox, profile, jobs: [{file, pdf, format}]}; `profile` is an empty folder. Background graphics stay off.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { WebSocket } from "ws";

const SIZES = { A4: { width: 21, height: 29.7 }, Letter: { width: 21.59, height: 27.94 } }; // centimetres
const margin = { top: 1.5, right: 1.5, bottom: 1.5, left: 1.5 };
const { firefox, profile, jobs } = JSON.parse(readFileSync(0, "utf8"));
const browser = spawn(firefox, ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile], {
  stdio: ["ignore", "ignore", "pipe"],
});
try {
  const address = await new Promise((found, failed) => {
    let said = "";
    browser.stderr.on("data", (data) => {
      said += data;
      const listening = /listening on (ws:\S+)/.exec(said);
      if (listening) found(listening[1]);
    });
    browser.on("exit", (code) => failed(new Error(`Firefox ended with ${code}: ${said}`)));
  });
  const socket = new WebSocket(`${address}/session`, { maxPayload: 2 ** 28 });
  await new Promise((found, failed) => socket.on("open", found).on("error", failed));
  const waiting = new Map();
  socket.on("message", (data) => {
    const answer = JSON.parse(data);
    if (answer.id === undefined) return;
    const [found, failed] = waiting.get(answer.id);
    if (answer.type === "success") found(answer.result);
    else failed(new Error(`${answer.error}: ${answer.message}`));
  });
  let last = 0;
  const ask = (method, params) =>
    new Promise((found, failed) => {
      waiting.set(++last, [found, failed]);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await ask("session.new", { capabilities: {} });
  const print = async ({ file, pdf, format }) => {
    const { context } = await ask("browsingContext.create", { type: "tab" });
    await ask("browsingContext.navigate", { context, url: pathToFileURL(file).href, wait: "complete" });
    const { data } = await ask("browsingContext.print", { context, page: SIZES[format], margin, background: false });
    writeFileSync(pdf, Buffer.from(data, "base64"));
    return { file, pdf, format };
  };
  // All at once, each in a tab of its own: Firefox waits most of a second between two pages.
  for (const done of await Promise.all(jobs.map(print))) console.log(JSON.stringify(done));
  socket.close();
} finally {
  browser.kill();
}
