import { expect, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { Dialogs } from "../pages/dialogs";
import { Landing } from "../pages/landing";
import { Room } from "../pages/room";
import { Settings } from "../pages/settings";
import { Sidebar } from "../pages/sidebar";
import { comesToRest } from "./rest";
import type { Server } from "./server";
import type { Words } from "./words";

/**
 * Messages that the browser writes to the console when the server or a proxy does not answer, or a lazy part is
 * missing.
 */
const DEAD_NETWORK =
  /status of 404 [^]*\/(?:split|chunk)_\w+\.wasm|TypeError: Failed to [^]*\/__wasm_split\.js|net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|INTERNET_DISCONNECTED|NETWORK_CHANGED)|WebSocket connection to '[^']*' failed|the server responded with a status of 50[234]/;

/** A user with a browser. Every error on the console fails the test. */
export class Person {
  readonly landing: Landing;
  readonly room: Room;
  readonly sidebar: Sidebar;
  readonly dialogs: Dialogs;
  readonly settings: Settings;
  readonly toasts: Locator;

  private constructor(
    readonly name: string,
    readonly page: Page,
    readonly words: Words,
    private readonly server: Server,
    private readonly faults: string[],
  ) {
    this.landing = new Landing(page, server.url, words);
    this.room = new Room(page, words);
    this.sidebar = new Sidebar(page, words);
    this.dialogs = new Dialogs(page, this.sidebar, words);
    this.settings = new Settings(page, this.sidebar, words);
    this.toasts = page.locator(".toasts");
  }

  /** Creates a user with a new tab in this browser. */
  static async in(
    context: BrowserContext,
    name: string,
    words: Words,
    server: Server,
    faults: string[],
    networkMayFail: boolean,
  ): Promise<Person> {
    const page = await context.newPage();
    page.on("pageerror", (error) => faults.push(`${name}: ${error.stack ?? error.message}`));
    page.on("crash", () => faults.push(`${name}: the page crashed`));
    page.on("console", (message) => {
      if (message.type() !== "error" && !/panicked/.test(message.text())) return;
      const text = `${message.text()} (${message.location().url})`;
      if (networkMayFail && DEAD_NETWORK.test(text)) return;
      // The browser reports every response with this status; the test itself checks whether it is correct.
      if (/the server responded with a status of 422/.test(text)) return;
      faults.push(`${name}: ${text}`);
    });
    return new Person(name, page, words, server, faults);
  }

  /** Returns the same user in another tab of the same browser. */
  async another(networkMayFail = true): Promise<Person> {
    return Person.in(this.page.context(), this.name, this.words, this.server, this.faults, networkMayFail);
  }

  /** Joins a room. Submits the landing form without opening the page, because most tests start after it. */
  async joins(room: string): Promise<void> {
    const { request } = this.page.context();
    const form = { username: this.name, room_id: room };
    const answer = await request.post(`${this.server.url}/join_chat`, { form, maxRedirects: 0 });
    expect(answer.status(), await answer.text()).toBe(303);
    await this.page.goto(new URL(answer.headers()["location"] ?? "", this.server.url).href);
    await this.isIn(room);
    // The server confirms the membership shortly after the page is hydrated.
    await expect(this.page.locator("[data-person] .person-you")).toBeAttached();
  }

  /** Opens a room by its URL. */
  async opens(address: string): Promise<void> {
    await this.page.goto(new URL(address, this.server.url).href);
    await this.room.isAlive();
  }

  async isIn(room: string): Promise<void> {
    await expect(this.page).toHaveURL(new RegExp(`/rooms/${room}(\\?|$)`));
    await this.room.isAlive();
  }

  /** Types and sends a message without waiting for the result. */
  async says(text: string): Promise<void> {
    await this.room.composer.fill(text);
    await this.sends();
  }

  /** Sends the text in the composer: with Enter, or with the button on touch devices. */
  async sends(): Promise<void> {
    const byFinger = await this.page.evaluate(() => matchMedia("(pointer: coarse)").matches);
    if (byFinger) await this.room.send.click();
    else await this.room.composer.press("Enter");
  }

  /** Expects the text exactly once, from any author. */
  async sees(text: string): Promise<void> {
    await expect(this.room.rows(text)).toHaveCount(1);
    await expect(this.room.rows(text)).toBeVisible();
  }

  async seesSent(text: string): Promise<void> {
    await this.sees(text);
    await expect(this.room.rows(text)).toHaveAttribute("data-state", "sent");
  }

  async seesPending(text: string): Promise<void> {
    await this.sees(text);
    await expect(this.room.rows(text)).toHaveAttribute("data-state", "pending");
  }

  async doesNotSee(text: string): Promise<void> {
    await expect(this.room.rows(text)).toHaveCount(0);
  }

  /** Expects exactly these stored messages in this order. */
  async seesExactly(texts: string[]): Promise<void> {
    const seen = async () => (await this.room.all()).map(({ text, state }) => ({ text, state }));
    const expected = texts.map((text) => ({ text, state: "sent" }));
    await expect.poll(seen, { timeout: 20_000 }).toEqual(expected);
  }

  async seesBanner(): Promise<void> {
    await expect(this.room.banner).toBeVisible({ timeout: 20_000 });
  }

  async seesNoBanner(): Promise<void> {
    await expect(this.room.banner).toBeHidden({ timeout: 20_000 });
  }

  /** Waits until the client has started a long wait, so that an early reconnect cannot be due to the timer. */
  async waitsLong(): Promise<void> {
    await expect(this.room.banner).toContainText(this.words.longWait, { timeout: 30_000 });
  }

  /** Expects a connection before the next attempt would be due. */
  async isBackAtOnce(): Promise<void> {
    await expect(this.room.banner).toBeHidden({ timeout: 2_000 });
  }

  /** Simulates switching to another tab or back, by setting the visibility of the page. */
  async looks(at: "here" | "elsewhere"): Promise<void> {
    await this.page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (hidden ? "hidden" : "visible") });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, at === "elsewhere");
  }

  /** Disconnects the network: open connections freeze, new ones fail. */
  async losesNetwork(): Promise<void> {
    await this.page.context().setOffline(true);
  }

  async findsNetwork(): Promise<void> {
    await this.page.context().setOffline(false);
  }

  /** Expects that the message at this index is shown as deleted. */
  async seesDeleted(index: number): Promise<void> {
    await expect(this.room.messages.nth(index)).toHaveAttribute("data-deleted");
  }

  /** Waits until all animations of the page have ended. */
  async stops(): Promise<void> {
    await comesToRest(this.page);
  }

  /** Moves the pointer away from all messages. */
  async looksAway(): Promise<void> {
    await this.page.mouse.move(1, 1);
  }

  async reloads(): Promise<void> {
    await this.page.reload();
    await this.room.isAlive();
  }
}
