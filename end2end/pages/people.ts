import { expect, type Locator, type Page } from "@playwright/test";
import type { Words } from "../support/words";

/** The list of members: a column in wide windows, a drawer in narrow ones. */
export class People {
  readonly aside: Locator;
  readonly toggle: Locator;
  /** All listed members. */
  readonly persons: Locator;
  readonly here: Locator;
  readonly notHere: Locator;
  readonly count: Locator;

  constructor(
    readonly page: Page,
    readonly words: Words,
  ) {
    this.aside = page.getByRole("complementary", { name: words.people });
    this.toggle = page.getByRole("button", { name: words.peopleToggle });
    this.persons = page.locator("aside.people [data-person]");
    this.here = page.locator("aside.people [aria-labelledby=people-here] [data-person]");
    this.notHere = page.locator("aside.people [aria-labelledby=people-not-here] [data-person]");
    this.count = page.locator("[data-people-count]");
  }

  /** Makes the list visible; in narrow windows by the button in the room bar. */
  async open(): Promise<void> {
    if (!(await this.aside.isVisible())) await this.toggle.click();
    await expect(this.aside).toBeVisible();
  }

  person(name: string): Locator {
    return this.persons.filter({ has: this.page.locator("bdi").getByText(name, { exact: true }) });
  }

  /** Expects a member with the presence `online`, `busy`, `away` or `offline`. */
  async shows(name: string, presence: string, timeout?: number): Promise<void> {
    const avatar = this.person(name).locator(".avatar");
    await expect(avatar).toHaveAttribute("data-presence", presence, timeout === undefined ? {} : { timeout });
  }

  /** Returns the names of the present members in order. */
  async namesHere(): Promise<string[]> {
    return this.here.locator("bdi").allTextContents();
  }
}
