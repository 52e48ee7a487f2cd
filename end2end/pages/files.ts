import { expect, type Locator, type Page } from "@playwright/test";

/** A file that a user chooses. */
export interface Chosen {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Returns a text file with a size that is not known to be special. */
export function textFile(name: string, text = "a few words"): Chosen {
  return { name, mimeType: "text/plain", buffer: Buffer.from(text) };
}

/** Returns a file of this many bytes. */
export function fileOf(name: string, bytes: number): Chosen {
  return { name, mimeType: "application/octet-stream", buffer: Buffer.alloc(bytes, 7) };
}

/** The attachments of a room: in the composer, in messages that wait, and in the timeline. */
export class Files {
  readonly field: Locator;
  /** The files in the composer. */
  readonly attached: Locator;
  /** The files of messages that wait or were refused. */
  readonly waiting: Locator;
  readonly cards: Locator;
  readonly progress: Locator;
  readonly overlay: Locator;
  readonly problem: Locator;

  constructor(readonly page: Page) {
    this.field = page.locator(".composer input[type=file]");
    this.attached = page.locator(".composer-files li");
    this.waiting = page.locator(".local-files li");
    this.cards = page.locator("a.file-card");
    this.progress = page.locator(".local-files progress");
    this.overlay = page.locator(".drop-overlay");
    this.problem = page.locator(".composer-problem");
  }

  /** Chooses files and waits until the composer has them. */
  async choose(...files: Chosen[]): Promise<void> {
    const before = await this.attached.count();
    await this.field.setInputFiles(files);
    await expect(this.attached).toHaveCount(before + files.length);
  }

  card(name: string): Locator {
    return this.cards.and(this.page.locator(`[title="${name}"]`));
  }

  /** Returns the content that the link of a card leads to. */
  async content(name: string): Promise<string> {
    const path = (await this.card(name).getAttribute("href")) ?? "";
    const answer = await this.page.request.get(new URL(path, this.page.url()).href);
    expect(answer.status(), path).toBe(200);
    return (await answer.body()).toString();
  }

  /** Pastes or drops a file, as a program on the same computer gives it. */
  async give(event: "paste" | "dragover" | "drop", onto: Locator, name: string): Promise<void> {
    await onto.evaluate(
      (element, { event, name }) => {
        const data = new DataTransfer();
        data.items.add(new File(["pasted words"], name, { type: "text/plain" }));
        const options = { bubbles: true, cancelable: true };
        element.dispatchEvent(
          event === "paste"
            ? new ClipboardEvent(event, { ...options, clipboardData: data })
            : new DragEvent(event, { ...options, dataTransfer: data }),
        );
      },
      { event, name },
    );
  }
}
