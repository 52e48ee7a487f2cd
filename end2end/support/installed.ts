import { expect } from "@playwright/test";
import type { Person } from "./person";

/** A browser that may keep the shell. */
export const installed = { serviceWorkers: "allow" } as const;

/** The worker has kept the shell. */
export async function isKept(person: Person): Promise<void> {
  await expect
    .poll(() => person.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state))
    .toBe("activated");
}
