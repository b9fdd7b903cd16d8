const key = 'nextup-operator-token';

/** The operator's token, for this tab only: it is gone when the tab is, and the users' page does not see it. */
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
