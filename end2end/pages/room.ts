import { expect, type Locator, type Page } from "@playwright/test";

/** A message as it stands on the page. */
export interface Row {
  text: string;
  state: string;
  /** Its position in the room; empty until it is stored. */
  seq: string;
}

/** `/rooms/NAME`: the timeline, the composer, the people. */
export class Room {
  readonly log: Locator;
  readonly messages: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly banner: Locator;
  readonly retryNow: Locator;
  readonly people: Locator;
  /** Says how many messages wait below. */
  readonly pill: Locator;

  constructor(readonly page: Page) {
    this.log = page.getByRole("log", { name: "Messages" });
    this.messages = this.log.locator("article[data-message]");
    this.composer = page.getByRole("textbox", { name: "Message", exact: true });
    this.send = page.getByRole("button", { name: "Send" });
    this.banner = page.locator("[data-banner]");
    this.retryNow = this.banner.getByRole("button", { name: "Retry now" });
    this.people = page.getByRole("complementary", { name: "People here" }).getByRole("list");
    this.pill = page.getByRole("button", { name: /^\d+ new messages?$/ });
  }

  /** The rows with exactly this text. */
  rows(text: string): Locator {
    return this.messages.filter({ has: this.page.locator(".message-text").getByText(text, { exact: true }) });
  }

  /** All rows, from the top. */
  async all(): Promise<Row[]> {
    return this.messages.evaluateAll((articles) =>
      articles.map((article) => ({
        text: article.querySelector(".message-text")?.textContent ?? "",
        state: article.getAttribute("data-state") ?? "",
        seq: article.getAttribute("data-seq") ?? "",
      })),
    );
  }

  async texts(): Promise<string[]> {
    return (await this.all()).map((row) => row.text);
  }

  /** The page is alive: what is typed now is heard. */
  async isAlive(): Promise<void> {
    await expect(this.page.locator("html[data-hydrated]")).toBeAttached();
  }

  /** The newest message is in view. */
  async isAtEnd(): Promise<void> {
    await expect(this.messages.last()).toBeInViewport();
  }
}
