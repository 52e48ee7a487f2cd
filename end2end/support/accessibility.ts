import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { comesToRest } from "./rest";

/**
 * The WCAG 2.2 AA rules that axe does not run by default. The default rules are run too: WCAG A and AA, and best
 * practices.
 */
const FURTHER_RULES = { "target-size": { enabled: true } };

/** The rules that depend on colours, the only ones whose result differs between light and dark. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * Expects that axe finds no violation of any severity: of all rules in the light scheme, and of the colour rules in
 * the dark one.
 */
export async function isAccessible(page: Page, where: string): Promise<void> {
  await finds(page, `${where}, light`, new AxeBuilder({ page }).options({ rules: FURTHER_RULES }));
  await page.emulateMedia({ colorScheme: "dark" });
  await finds(page, `${where}, dark`, new AxeBuilder({ page }).withRules(COLOUR_RULES));
  await page.emulateMedia({ colorScheme: "light" });
}

async function finds(page: Page, where: string, axe: AxeBuilder): Promise<void> {
  await comesToRest(page);
  const { violations, incomplete } = await axe.analyze();
  // A target whose size axe cannot determine counts as a violation.
  const undecided = incomplete.filter(({ id }) => id in FURTHER_RULES);
  const found = [...violations, ...undecided].map(({ id, impact, help, nodes }) => ({
    id,
    impact,
    help,
    nodes: nodes.map((node) => `${node.html} ${node.failureSummary}`),
  }));
  // The assertion is soft, so that a test reports all violations at once.
  expect.soft(found, where).toEqual([]);
}
