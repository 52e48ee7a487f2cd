import type { Page } from "@playwright/test";
import { expect } from "./test";

/** Where the browser keeps unsent messages: `localStorage` first, IndexedDB later. */

/** Waits until the page has loaded the code that uses IndexedDB, which it cannot load without a server. */
export async function canStore(page: Page): Promise<void> {
  // A page whose clock is replaced has no `performance.getEntriesByType`.
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        const isStore = ({ name }: PerformanceEntry) => /\/split_storage\.wasm$/.test(name);
        const observer = new PerformanceObserver((list) => list.getEntries().some(isStore) && done());
        observer.observe({ type: "resource", buffered: true });
      }),
  );
}

/** Returns the keys of the entries in `localStorage`, including deletions. */
export async function journal(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("hubbub.unsent.")));
}

/** Returns the values of the entries in `localStorage`, without deletions. */
export async function unsent(page: Page): Promise<string[]> {
  const values = page.evaluate((keys) => keys.map((key) => localStorage.getItem(key) ?? ""), await journal(page));
  return (await values).filter((value) => value !== "");
}

/** Returns the values of the entries in IndexedDB. */
export async function stored(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    if ((await indexedDB.databases()).every(({ name }) => name !== "hubbub")) return [];
    return new Promise<string[]>((done, failed) => {
      const opening = indexedDB.open("hubbub", 1);
      opening.onerror = failed;
      opening.onsuccess = () => {
        const entries = opening.result.transaction("unsent").objectStore("unsent").getAll();
        entries.onsuccess = () => done(entries.result as string[]);
        opening.result.close();
      };
    });
  });
}

/** Waits until this number of entries is in IndexedDB and none in `localStorage`. */
export async function hasMoved(page: Page, count: number): Promise<void> {
  await expect.poll(async () => (await stored(page)).length).toBe(count);
  await expect.poll(() => journal(page)).toEqual([]);
}

/** Runs one transaction, which excludes all others, until the returned function is called or the page closes. */
export async function occupyDatabase(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(
    () =>
      new Promise<void>((done, failed) => {
        const opening = indexedDB.open("hubbub", 1);
        opening.onerror = failed;
        opening.onsuccess = () => {
          const entries = opening.result.transaction("unsent", "readwrite").objectStore("unsent");
          const holder = window as unknown as { isDatabaseFree?: boolean };
          const hold = () => {
            if (!holder.isDatabaseFree) entries.count().onsuccess = hold;
            done();
          };
          entries.count().onsuccess = hold;
          opening.result.close();
        };
      }),
  );
  return () => page.evaluate(() => void ((window as unknown as { isDatabaseFree?: boolean }).isDatabaseFree = true));
}

/** Fills `localStorage` to the last byte. The page would delete the local copy of rooms to make space. */
export async function fillLocalStorage(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("hubbub.copy.")) localStorage.removeItem(key);
    for (let size = 1_000_000; size >= 1; size = Math.floor(size / 2)) {
      try {
        for (let i = 0; ; i += 1) localStorage.setItem(`full.${size}.${i}`, "x".repeat(size));
      } catch {
        // A smaller value may fit.
      }
    }
  });
}

/** Disables the timers with this delay in a page that will be opened, so that a slow machine does not exceed a limit. */
export async function neverExpires(page: Page, millis: number): Promise<void> {
  await page.addInitScript((millis) => {
    const begin = window.setTimeout;
    const limited = (action: TimerHandler, delay?: number) => (delay === millis ? 0 : begin(action, delay));
    window.setTimeout = limited as typeof window.setTimeout;
  }, millis);
}
