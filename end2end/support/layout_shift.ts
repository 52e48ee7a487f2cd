import type { Page } from "@playwright/test";

/** An element that moved without user input, and how far (Layout Instability API). */
export interface Shift {
  value: number;
  /** Milliseconds since the navigation. */
  at: number;
  what: string[];
}

/** Records layout shifts in each new document of the page from now on. */
export async function watchesShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    const rect = ({ x, y, width, height }: DOMRectReadOnly) => `${x},${y} ${width}x${height}`;
    const name = (node: Node | null) =>
      node instanceof Element ? `${node.tagName}.${node.className}` : `text "${node?.textContent ?? ""}"`;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map((it) => `${name(it.node)}: ${rect(it.previousRect)} -> ${rect(it.currentRect)}`);
        shifts.push({ value: entry.value, at: entry.startTime, what });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** Returns the layout shifts of this document since its first paint. */
export const shifts = (page: Page): Promise<Shift[]> =>
  page.evaluate(() => {
    const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
    return (window as unknown as { shifts: Shift[] }).shifts.filter(({ at }) => at > painted);
  });

/** Slows the processor of this page down by a factor, to simulate a cheap phone. */
export async function slows(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: times });
}

interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}
