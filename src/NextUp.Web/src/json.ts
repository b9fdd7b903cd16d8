/** An answer of the server that does not have the shape it promises. The message names the place. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** Reads named members of a JSON object and says which one is wrong. */
export class Fields {
  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly where: string,
  ) {}

  static of(value: unknown, where: string): Fields {
    if (!isObject(value)) throw new ShapeError(`${where} is not an object`);
    return new Fields(value, where);
  }

  text(name: string): string {
    const value = this.values[name];
    if (typeof value !== 'string') throw this.wrong(name, 'a text');
    return value;
  }

  textOr(name: string, otherwise: string): string {
    return this.textOrNull(name) ?? otherwise;
  }

  /** Numbers count as texts: years come as either. */
  textOrNull(name: string): string | null {
    const value = this.values[name];
    if (typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : null;
  }

  number(name: string): number {
    const value = this.values[name];
    if (typeof value !== 'number') throw this.wrong(name, 'a number');
    return value;
  }

  numberOr(name: string, otherwise: number): number {
    return this.numberOrNull(name) ?? otherwise;
  }

  numberOrNull(name: string): number | null {
    const value = this.values[name];
    return typeof value === 'number' ? value : null;
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.text(name);
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw this.wrong(name, `one of ${allowed.join(', ')}`);
    return found;
  }

  list<T>(name: string, read: (value: unknown, where: string) => T): T[] {
    const value = this.values[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw this.wrong(name, 'a list');
    return value.map((one: unknown, index) => read(one, `${this.where}.${name}[${index}]`));
  }

  /** A list of objects. */
  children<T>(name: string, read: (child: Fields) => T): T[] {
    return this.list(name, (value, where) => read(Fields.of(value, where)));
  }

  date(name: string): Date {
    return new Date(this.text(name));
  }

  dateOrNull(name: string): Date | null {
    const text = this.textOrNull(name);
    return text === null ? null : new Date(text);
  }

  texts(name: string): string[] {
    return this.list(name, (value) => String(value));
  }

  child(name: string): Fields {
    return Fields.of(this.values[name], `${this.where}.${name}`);
  }

  childOrNull(name: string): Fields | null {
    const value = this.values[name];
    return isObject(value) ? new Fields(value, `${this.where}.${name}`) : null;
  }

  /** The members that are numbers, in the order in which they came. */
  counts(name: string): ReadonlyMap<string, number> {
    const value = this.values[name];
    const counts = new Map<string, number>();
    if (!isObject(value)) return counts;
    for (const [key, count] of Object.entries(value)) if (typeof count === 'number') counts.set(key, count);
    return counts;
  }

  raw(name: string): unknown {
    return this.values[name];
  }

  private wrong(name: string, expected: string): ShapeError {
    return new ShapeError(`${this.where}.${name} is not ${expected}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
