// Chromium for measuring: one browser a section, a fresh context a measurement.
import { chromium } from "playwright-core";

/** Flags for frames as fast as they are drawn, so that the time between two is what one costs. */
export const UNCAPPED = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];

/** Starts it, with more flags where a bench needs them; `CHROMIUM` names the program (benches/run finds it). */
export function launch(flags = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", ...flags],
  });
}

/**
 * Opens `url` in a context of its own, hands it to `work(page)`, and tells what that cost the main thread.
 * @returns {Promise<{result: any, mainMs: number}>} what `work` returned; milliseconds in tasks meanwhile
 */
export async function measured(browser, url, work) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on("pageerror", (error) => console.error(`in the page: ${error.stack ?? error.message}`));
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    await page.goto(url);
    await page.waitForFunction(() => window.contestants);
    const before = await taskMillis(session);
    const result = await work(page);
    return { result, mainMs: (await taskMillis(session)) - before };
  } finally {
    await context.close();
  }
}

/** Milliseconds that the main thread has spent in tasks; `Performance` is to be enabled in `session`. */
export async function taskMillis(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
}
