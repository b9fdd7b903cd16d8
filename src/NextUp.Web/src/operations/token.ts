const key = 'nextup-token';

/** The account's token, for this tab only: it is gone when the tab is. */
export const savedToken = {
  read(): string | null {
    return sessionStorage.getItem(key);
  },
  write(token: string): void {
    sessionStorage.setItem(key, token);
  },
  forget(): void {
    sessionStorage.removeItem(key);
  },
};
