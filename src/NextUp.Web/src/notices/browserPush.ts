/* Notifications of this browser. Permission is asked for on a click only; who said no is not asked again. */
import type { SubscriptionWish } from './notices';

const worker = '/service-worker.js';
const ownKey = 'nextup-push';

/** Which of the user's subscriptions is this browser's: their addresses are not shown, so it is noted here. */
export const ownSubscription = {
  read: (): string | null => localStorage.getItem(ownKey),
  write: (id: string): void => localStorage.setItem(ownKey, id),
  forget: (): void => localStorage.removeItem(ownKey),
};

/** Why this browser cannot show notifications, for people; null where it can. */
export function whyNoPush(): string | null {
  if (!isSecureContext) return 'Browsers show notifications of pages that come over https only.';
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) {
    return 'This browser does not show notifications of pages.';
  }
  if (Notification.permission === 'denied') {
    return 'You told this browser to show no notifications of this page; its settings for the page can change that.';
  }
  return null;
}

/** Subscribes this browser; to be called on a click, because it asks for permission. */
export async function subscribeBrowser(publicKey: string): Promise<Pick<SubscriptionWish, 'target' | 'keys'>> {
  if ((await Notification.requestPermission()) !== 'granted') {
    throw new Error('Without your permission this browser shows nothing. It was not subscribed.');
  }
  await navigator.serviceWorker.register(worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await subscribe(pushManager, publicKey);
  const keys = subscription.toJSON().keys;
  if (keys?.['p256dh'] === undefined || keys['auth'] === undefined) {
    throw new Error('This browser gave no keys with its subscription.');
  }
  return { target: subscription.endpoint, keys: { p256dh: keys['p256dh'], auth: keys['auth'] } };
}

/** The browser forgets its subscription, too; what cannot be reached any more is no harm. */
export async function unsubscribeBrowser(): Promise<void> {
  ownSubscription.forget();
  const registration = await navigator.serviceWorker?.getRegistration(worker);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

async function subscribe(push: PushManager, publicKey: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  try {
    return await push.subscribe(options);
  } catch (error) {
    // A server with another key, or an installation that was made anew, stood behind this address before.
    const before = await push.getSubscription();
    if (before === null) throw unreachable(error);
    await before.unsubscribe();
    return push.subscribe(options);
  }
}

function unreachable(error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`The push service of this browser did not take the subscription: ${reason}`);
}

/** "Firefox on Linux": what a subscription is called, so that one is told from another. */
export function browserName(agent: string): string {
  const browser = [
    ['Firefox/', 'Firefox'],
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => agent.includes(mark ?? ''))?.[1];
  const system = [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac OS X', 'Mac'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark ?? ''))?.[1];
  return `${browser ?? 'A browser'}${system === undefined ? '' : ` on ${system}`}`;
}
