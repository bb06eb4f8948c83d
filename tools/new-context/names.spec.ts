import { describe, expect, it } from '@jest/globals';
import { filled, namesOf } from './names.ts';

describe('the names of a new context', () => {
  it.each([
    ['reservation', 'Reservation', 'reservation', 'reservations'],
    ['gift-card', 'GiftCard', 'giftCard', 'gift-cards'],
    ['entry', 'Entry', 'entry', 'entries'],
    ['survey', 'Survey', 'survey', 'surveys'],
    ['tax', 'Tax', 'tax', 'taxes'],
    ['class', 'Class', 'class', 'classes'],
  ])('follow from %s', (name, pascal, camel, plural) => {
    expect(namesOf(name)).toEqual({ name, pascal, camel, plural, noun: name.replaceAll('-', ' ') });
  });

  it.each([undefined, '', 'x', 'Reservation', 'two words', '-a', 'a--b', '../x', '9lives', 'x'.repeat(25)])(
    'cannot follow from %j',
    (name) => {
      expect(() => namesOf(name)).toThrow('npm run new:context -- reservation');
    },
  );

  it.each(['event-log', 'snapshot', 'control', 'parked'])('leave %s to the system itself', (name) => {
    expect(() => namesOf(name)).toThrow('Choose another name.');
  });

  it.each(['stream', 'health', 'openapi'])('are refused for %s: the API itself uses the path', (name) => {
    expect(() => namesOf(name)).toThrow('Choose another name.');
  });

  it('replace only the placeholders', () => {
    const names = namesOf('gift-card');
    expect(filled('__Name__ __camel__Id __noun__ __nouns__ /__plural__ __name__ __seq__', names, 7)).toBe(
      'GiftCard giftCardId gift card gift cards /gift-cards gift-card 7',
    );
    expect(filled('/* @__PURE__ */ {{baseUrl}}', names, 7)).toBe('/* @__PURE__ */ {{baseUrl}}');
  });
});
