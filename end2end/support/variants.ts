import type { BrowserContextOptions } from "@playwright/test";
import { english, russian, type Words } from "./words";

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

/** A combination of language and window size. */
export interface Variant {
  how: string;
  narrow: boolean;
  words: Words;
  options: BrowserContextOptions;
}

const variant = (narrow: boolean, words: Words): Variant => ({
  how: `${narrow ? "narrow" : "wide"}, in ${words === russian ? "Russian" : "English"}`,
  narrow,
  words,
  options: { viewport: narrow ? NARROW : WIDE, locale: words.locale },
});

/** Two combinations that differ in all respects: a test that passes with both needs no others. */
export const VARIANTS: Variant[] = [variant(false, english), variant(true, russian)];
