import type { BrowserContextOptions } from "@playwright/test";
import { english, russian, type Words } from "./words";

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

/** How somebody looks at the chat. */
export interface Way {
  how: string;
  narrow: boolean;
  words: Words;
  options: BrowserContextOptions;
}

const way = (narrow: boolean, words: Words): Way => ({
  how: `${narrow ? "narrow" : "wide"}, in ${words === russian ? "Russian" : "English"}`,
  narrow,
  words,
  options: { viewport: narrow ? NARROW : WIDE, locale: words.locale },
});

/** The two that differ in everything: a story that holds in both needs no others. */
export const WAYS: Way[] = [way(false, english), way(true, russian)];
