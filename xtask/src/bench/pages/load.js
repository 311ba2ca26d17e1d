'use strict';

// Shared by host and widget, for posting a lot to the other. The page provides `bench.postOne` and
// `bench.isFromOther`.

globalThis.bench = {
  // Posts all in one task.
  postAll(count) {
    for (let n = 0; n < count; n += 1) bench.postOne();
  },

  // Posts this many a second, evenly spread; returns how many it has posted.
  postAtRate(perSecond, seconds) {
    return new Promise(done => {
      const start = performance.now();
      let posted = 0;
      const timer = setInterval(() => {
        const elapsed = (performance.now() - start) / 1000;
        const due = Math.min(elapsed, seconds) * perSecond;
        for (; posted < due; posted += 1) bench.postOne();
        if (elapsed < seconds) return;
        clearInterval(timer);
        done(posted);
      }, 4);
    });
  },

  // From now until the other side has sent this many messages: the longest time between two ticks
  // of a timer that is due every 16 ms, in milliseconds.
  longestGap(count) {
    return new Promise(done => {
      let received = 0;
      let longest = 0;
      let last = performance.now();
      const onMessage = event => {
        if (bench.isFromOther(event)) received += 1;
      };
      window.addEventListener('message', onMessage);
      const timer = setInterval(() => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (received < count) return;
        clearInterval(timer);
        window.removeEventListener('message', onMessage);
        done(longest);
      }, 16);
    });
  },
};
