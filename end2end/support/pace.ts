import type { BrowserContext } from "@playwright/test";

/** Milliseconds that the work of {@link slowness} takes on the machine on which the limits of measured stories were set. */
const REFERENCE_MILLIS = 55;
/** Rows that one round builds and lays out. */
const ROWS = 2_000;
const ROUNDS = 15;

/**
 * Returns how much slower this machine is than the reference machine, at least 1. A fixed amount of work of the kind that
 * the page does, parsing and layout, is timed; the fastest of several rounds is the one with the least other work beside it.
 */
export async function slowness(context: BrowserContext): Promise<number> {
  const page = await context.newPage();
  const fastest = await page.evaluate(
    ({ rows, rounds }) => {
      const times = Array.from({ length: rounds }, (_, round) => {
        const begun = performance.now();
        const data = JSON.stringify(Array.from({ length: rows }, (_, row) => ({ row, text: `row ${row} of ${round}` })));
        const html = (JSON.parse(data) as { text: string }[]).map(({ text }) => `<li><b>${text}</b> <code>${text}</code></li>`);
        document.body.innerHTML = `<ul>${html.join("")}</ul>`;
        document.body.getBoundingClientRect();
        return performance.now() - begun;
      });
      return Math.min(...times);
    },
    { rows: ROWS, rounds: ROUNDS },
  );
  await page.close();
  return Math.max(1, fastest / REFERENCE_MILLIS);
}
