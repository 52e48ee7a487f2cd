import { expect, type Locator, type Page } from "@playwright/test";
import { english, type Words } from "../support/words";
import { Message } from "./message";
import { People } from "./people";

/** A message as shown on the page. */
export interface Row {
  text: string;
  state: string;
  /** Position in the room; empty until the message is stored. */
  seq: string;
}

/** The page `/rooms/NAME`: timeline, composer, members. */
export class Room {
  readonly log: Locator;
  readonly messages: Locator;
  /** Notices about joins, leaves and topics. */
  readonly notices: Locator;
  readonly composer: Locator;
  readonly send: Locator;
  readonly banner: Locator;
  readonly retryNow: Locator;
  readonly newVersion: Locator;
  /** The message that was the target of a link or quote. */
  readonly found: Locator;
  /** The toast. */
  readonly toast: Locator;
  readonly people: People;
  /** The bar with the number of new messages and the time of the first. */
  readonly unreadBar: Locator;
  /** The button with the number of new messages below. */
  readonly pill: Locator;
  readonly topic: Locator;
  /** The divider before the unread messages. */
  readonly divider: Locator;
  /** The typing notice. */
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

  /** Returns the rows with exactly this text. */
  rows(text: string): Locator {
    // Compares the text without line breaks, because they may be rendered as elements.
    const words = text.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const exactly = new RegExp(`^\\s*${words.join("\\s*")}\\s*$`);
    return this.messages.filter({ has: this.page.locator(".message-text").filter({ hasText: exactly }) });
  }

  message(text: string): Message {
    return new Message(this.page, this.rows(text), this.words);
  }

  /** Returns a message by its index, whatever its text. */
  messageAt(index: number): Message {
    return new Message(this.page, this.messages.nth(index), this.words);
  }

  /** Returns all rows from top to bottom. */
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

  /** Waits until the page is hydrated and handles input. */
  async isAlive(): Promise<void> {
    await expect(this.page.locator("html[data-hydrated]")).toBeAttached();
  }

  /** Expects the newest message in view. */
  async isAtEnd(): Promise<void> {
    await expect(this.messages.last()).toBeInViewport();
  }
}
