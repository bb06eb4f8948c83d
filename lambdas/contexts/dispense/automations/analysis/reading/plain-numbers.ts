export const postcodes =
  /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\b\d{5} \p{Lu}\p{L}+/u;
const dates =
  /(?<![\d/.-])\d{1,4}[/.-](?:\d{1,2}|[A-Za-z]{3})[/.-]\d{2,4}(?![\d/.-])|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? \d{4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2},? \d{4}\b/gi;
const clockTimes = /\b\d{1,2}[:.]\d{2}(?: ?[ap]m)?(?!\d)/gi;
const phones = /(?:\+?\d[\d ()-]{7,20}\d)/g;
const ages =
  /\b\d{1,3} ?(?:y\.? ?o\.?|yrs?|years?|y|m|months?)(?: old)?\b(?: ?\/? ?[mf]\b)?|\b\d{1,3} ?\/ ?[MF]\b/gi;

/** The text without dates, times, phone numbers, ages and other numbers that are no doses. */
export function withoutPlainNumbers(text: string): string {
  return text
    .replace(dates, ' ')
    .replace(clockTimes, ' ')
    .replace(phones, ' ')
    .replace(ages, ' ')
    .replace(postcodes, ' ');
}
