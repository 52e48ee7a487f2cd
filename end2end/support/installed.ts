import { expect } from "@playwright/test";
import type { Person } from "./person";

/** Context options that allow the service worker. */
export const installed = { serviceWorkers: "allow" } as const;

/** Waits until the service worker has stored the offline shell. */
export async function isKept(person: Person): Promise<void> {
  await expect
    .poll(() => person.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state))
    .toBe("activated");
}
