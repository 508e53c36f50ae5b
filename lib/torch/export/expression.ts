/** Expressions of Python that programs hold: guards, and sizes as sympy writes them. */
import { Fault } from './file/fault';

/** Value of a part of an expression. */
export type Value = unknown;

/** What an expression's names, calls and items mean. */
export interface Meaning {
  name(name: string): Value;
  call(target: Value, args: Value[], keywords: Readonly<Record<string, Value>>): Value;
  attribute(of: Value, name: string): Value;
  item(of: Value, index: Value): Value;
  unary(sign: string, value: Value): Value;
  binary(sign: string, left: Value, right: Value): Value;
}

/** An expression that has been read. */
export type Expression = (meaning: Meaning) => Value;

const TOKEN =
  /\s*(?:(\d+\.\d*(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+|\d+)|([A-Za-z_]\w*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\*\*|\/\/|<=|>=|==|!=|<<|>>|[-+*/%<>()[\],.=~&|^]))/y;

type Token = { readonly kind: 'number' | 'name' | 'text' | 'sign' | 'end'; readonly text: string };

const KINDS = ['number', 'name', 'text', 'sign'] as const;

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Fault(`'${source.slice(start, start + 20)}' is not understood`);
    const group = match.slice(1).findIndex((part) => part !== undefined);
    found.push({ kind: KINDS[group] as Token['kind'], text: match[group + 1] as string });
  }
  return [...found, { kind: 'end', text: 'the end' }];
}

/** Signs by how tightly they bind, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['<', '>', '<=', '>=', '==', '!=', 'is'],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%'],
];

/** Deeper than any expression of a size is nested. */
const DEEPEST = 100;

class Parser {
  readonly #tokens: readonly Token[];
  #place = 0;
  #depth = 0;

  constructor(source: string) {
    this.#tokens = tokens(source);
  }

  whole(): Expression {
    const expression = this.#level(0);
    if (this.#peek().kind !== 'end') throw new Fault(`'${this.#peek().text}' was not expected`);
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#place] as Token;
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    if (token.text !== text || token.kind === 'text' || token.kind === 'end') return false;
    this.#place++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw new Fault(`expected '${text}', found '${this.#peek().text}'`);
  }

  #level(level: number): Expression {
    const signs = LEVELS[level];
    if (signs === undefined) return this.#unary();
    if (level === 2 && this.#takes('not')) return this.#not(level);
    let left = this.#level(level + 1);
    for (;;) {
      const sign = signs.find((each) => this.#takes(each));
      if (sign === undefined) return left;
      const first = left;
      const second = this.#level(level + 1);
      left = (meaning) => meaning.binary(sign, first(meaning), second(meaning));
    }
  }

  #not(level: number): Expression {
    const of = this.#level(level);
    return (meaning) => meaning.unary('not', of(meaning));
  }

  #unary(): Expression {
    if (++this.#depth > DEEPEST) throw new Fault('it is nested too deeply');
    try {
      const sign = ['-', '+', '~'].find((each) => this.#takes(each));
      if (sign !== undefined) {
        const of = this.#unary();
        return (meaning) => meaning.unary(sign, of(meaning));
      }
      const base = this.#postfix(this.#primary());
      if (!this.#takes('**')) return base;
      const power = this.#unary();
      return (meaning) => meaning.binary('**', base(meaning), power(meaning));
    } finally {
      this.#depth--;
    }
  }

  #postfix(of: Expression): Expression {
    let left = of;
    for (;;) {
      const target = left;
      if (this.#takes('.')) {
        const { text } = this.#peek();
        this.#place++;
        left = (meaning) => meaning.attribute(target(meaning), text);
      } else if (this.#takes('[')) {
        const index = this.#level(0);
        this.#expect(']');
        left = (meaning) => meaning.item(target(meaning), index(meaning));
      } else if (this.#takes('(')) {
        left = this.#call(target);
      } else {
        return left;
      }
    }
  }

  #call(target: Expression): Expression {
    const args: Expression[] = [];
    const keywords: [string, Expression][] = [];
    while (!this.#takes(')')) {
      if (args.length + keywords.length > 0) this.#expect(',');
      const keyed = this.#peek().kind === 'name' && this.#tokens[this.#place + 1]?.text === '=';
      if (!keyed) {
        args.push(this.#level(0));
        continue;
      }
      const { text } = this.#peek();
      this.#place += 2;
      keywords.push([text, this.#level(0)]);
    }
    return (meaning) =>
      meaning.call(
        target(meaning),
        args.map((arg) => arg(meaning)),
        Object.fromEntries(keywords.map(([name, value]) => [name, value(meaning)])),
      );
  }

  #primary(): Expression {
    const { kind, text } = this.#peek();
    this.#place++;
    if (kind === 'number') return () => Number(text);
    if (kind === 'text') return () => text.slice(1, -1).replace(/\\(.)/g, '$1');
    if (kind === 'name') return (meaning) => meaning.name(text);
    if (text !== '(') throw new Fault(`'${text}' was not expected`);
    const inner = this.#level(0);
    this.#expect(')');
    return inner;
  }
}

/**
 * Reads an expression.
 * @throws Fault for what is none
 */
export function parseExpression(source: string): Expression {
  return new Parser(source).whole();
}
