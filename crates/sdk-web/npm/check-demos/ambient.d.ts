// What HubSpot's React demo imports beside the SDK, as far as its use of the SDK needs it.

declare module 'react' {
  export function useState<T>(initial: T): [T, (next: T | ((before: T) => T)) => void];
  export function useMemo<T>(make: () => T, on?: unknown[]): T;
}

declare module 'uuid' {
  export function v4(): string;
}

interface Window {
  broadcastChannel: any;
}
