import { expect, type Locator, type Page } from "@playwright/test";
import { english, type Words } from "../support/words";
import { Message } from "./message";
import { People } from "./people";

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
  /** Lines that say who came, who went, and what the room is about. */
  readonly notices: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly banner: Locator;
  readonly retryNow: Locator;
  readonly newVersion: Locator;
  /** The message that a link or a quote has led to. */
  readonly found: Locator;
  /** What is said in passing. */
  readonly toast: Locator;
  readonly people: People;
  /** Says how many messages are new, since when. */
  readonly unreadBar: Locator;
  /** Says how many messages wait below. */
  readonly pill: Locator;
  readonly topic: Locator;
  /** Before this line one had read everything. */
  readonly divider: Locator;
  /** Who is writing. */
  readonly typing: Locator;

  constructor(
    readonly page: Page,
    readonly words: Words = english,
  ) {
    this.log = page.getByRole("log", { name: words.messages });
    this.messages = this.log.locator("article[data-message]");
    this.notices = this.log.locator("[data-notice]");
    this.composer = page.getByRole("textbox", { name: words.message, exact: true });
    this.send = page.getByRole("button", { name: words.send });
    this.banner = page.locator("[data-banner]");
    this.retryNow = this.banner.getByRole("button", { name: words.retryNow });
    this.found = this.log.locator("[data-highlight]");
    this.newVersion = page.locator("[data-new-version]");
    this.toast = page.locator("[data-toast]");
    this.people = new People(page, words);
    this.unreadBar = page.locator("[data-unread-since]");
    this.pill = page.getByRole("button", { name: words.pill });
    this.topic = page.locator(".room-topic:visible");
    this.divider = this.log.locator("[data-divider]");
    this.typing = page.locator("[data-typing]");
  }

  /** The rows with exactly this text. */
  rows(text: string): Locator {
    // How text is laid out on the page is another question: a line break may be an element.
    const words = text.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const exactly = new RegExp(`^\\s*${words.join("\\s*")}\\s*$`);
    return this.messages.filter({ has: this.page.locator(".message-text").filter({ hasText: exactly }) });
  }

  /** The message with this text, and what can be done with it. */
  message(text: string): Message {
    return new Message(this.page, this.rows(text), this.words);
  }

  /** A message by its place, whatever it says by now. */
  messageAt(index: number): Message {
    return new Message(this.page, this.messages.nth(index), this.words);
  }

  /** All rows, from the top. */
  async all(): Promise<Row[]> {
    return this.messages.evaluateAll((articles) =>
      articles.map((article) => ({
        text: article.querySelector<HTMLElement>(".message-text")?.innerText ?? "",
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
