'use strict';

// Broken twins of the phone: for each built-in scenario, a fault that real widgets have and that
// only this scenario finds. `?twin=NAME` in the widget's address chooses one.

// Runs `before` instead of a method; it receives the method, so that it can call it.
function around(phone, method, before) {
  const original = phone[method].bind(phone);
  phone[method] = (...given) => before(original, ...given);
}

const TWINS = {
  // Announces itself twice.
  handshake(phone) {
    around(phone, 'start', (start, data) => {
      start(data);
      setTimeout(() => {
        if (phone.call || phone.number) return;
        phone.sdk.initialized({ isLoggedIn: phone.loggedIn, isAvailable: phone.available });
      }, 700);
    });
  },
  // Gives up if HubSpot does not answer soon.
  'handshake-slow'(phone) {
    const giveUp = () => { if (!phone.connected) phone.start = () => {}; };
    const wait = () => setTimeout(giveUp, 4000);
    if (document.readyState === 'complete') wait();
    else window.addEventListener('load', wait);
  },
  // Forgets to report a late login.
  'login-late'(phone) {
    let openedAt = Infinity;
    around(phone, 'start', (start, data) => {
      openedAt = Date.now();
      start(data);
    });
    around(phone, 'logIn', logIn => {
      if (Date.now() - openedAt < 4900 || phone.number) logIn();
      else phone.loggedIn = true;
    });
  },
  // Reports every completed call as canceled.
  'outbound-answered'(phone) {
    around(phone, 'hangUp', (hangUp, status = 'COMPLETED') => {
      hangUp(status === 'COMPLETED' ? 'CANCELED' : status);
    });
  },
  // Mistakes the provider's hanging up for an answer.
  'outbound-no-answer'(phone) {
    around(phone, 'remoteRefuses', (refuse, status) => {
      if (status === 'NO_ANSWER') phone.answer();
      refuse(status);
    });
  },
  // Does not recognize a busy line.
  'outbound-busy'(phone) {
    around(phone, 'remoteRefuses', (refuse, status) => refuse(status === 'BUSY' ? 'FAILED' : status));
  },
  // Ignores HubSpot's button for ending the call.
  'outbound-ended-by-host'(phone) {
    around(phone, 'handle', (handle, name, ...rest) => {
      if (name !== 'onEndCall') handle(name, ...rest);
    });
  },
  // Answers the call without telling anyone.
  'inbound-answered'(phone) {
    around(phone, 'answer', answer => {
      const { call } = phone;
      if (call && call.direction === 'inbound' && !call.isResumed) call.stage = 'answered';
      else answer();
    });
  },
  // Goes on ringing.
  'inbound-missed'(phone) {
    phone.callerGivesUp = () => {};
  },
  // Drops the current call for an incoming one.
  'inbound-while-busy'(phone) {
    around(phone, 'remoteCalls', call => {
      if (phone.call) phone.hangUp();
      call();
    });
  },
  // Opens the first of several records.
  'caller-id-several'(phone) {
    around(phone, 'learnCaller', (learn, data) => {
      learn(data);
      if (data.callerIdMatches.length > 1) phone.openRecord();
    });
  },
  // Ends a call that somebody else takes over.
  transfer(phone) {
    phone.transfer = () => phone.hangUp();
  },
  // Logs out during a call.
  'logout-during-call'(phone) {
    around(phone, 'logOut', logOut => {
      phone.call = null;
      logOut();
    });
  },
  // Does not notice that the page is a new one.
  'reload-during-call'(phone) {
    const isBehind = sessionStorage.getItem('twin') === 'in a call';
    if (isBehind) phone.start = () => { phone.connected = true; };
    window.addEventListener('pagehide', () => {
      const isInCall = phone.call && phone.call.stage === 'answered';
      sessionStorage.setItem('twin', isInCall ? 'in a call' : 'idle');
    });
  },
  // Does not resume the current call.
  'navigate-during-ringing'(phone) {
    around(phone, 'start', start => start({}));
  },
  // Hangs up when it is minimized.
  'minimise-during-call'(phone) {
    around(phone, 'handle', (handle, name, data, ...rest) => {
      handle(name, data, ...rest);
      if (name === 'onVisibilityChanged' && data.isMinimized && phone.call) phone.hangUp();
    });
  },
  // Ends a call that has no engagement.
  'engagement-fails'(phone) {
    around(phone, 'handle', (handle, name, ...rest) => {
      handle(name, ...rest);
      if (name === 'onCreateEngagementFailed' && phone.call) phone.hangUp('FAILED');
    });
  },
  // Saves a call without waiting for its engagement.
  'engagement-late'(phone) {
    phone.saveOnceKnown = (...given) => phone.save(...given);
  },
  // Dials for a user who is not logged in.
  'dial-while-logged-out'(phone) {
    around(phone, 'dialNumber', (dial, data) => {
      const { loggedIn } = phone;
      phone.loggedIn = true;
      dial(data);
      phone.loggedIn = loggedIn;
    });
  },
  // Gives the next call the id of the previous one.
  'fast-redial'(phone) {
    around(phone, 'begin', (begin, ...given) => {
      const before = phone.ended;
      begin(...given);
      if (before) phone.call.externalCallId = before.externalCallId;
    });
  },
  // Treats record 0 as no record.
  'call-from-ticket'(phone) {
    around(phone, 'dialNumber', (dial, data) => {
      if (data.objectId !== 0) dial(data);
    });
  },
};

window.breakPhone = (name, phone) => {
  if (name !== null) TWINS[name](phone);
};
