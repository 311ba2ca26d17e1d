// The `Constants` of @hubspot/calling-extensions-sdk: those that are not messages.

export {
  VERSION, messageHandlerNames, messageType, thirdPartyToHostEvents,
} from './catalogue.js';

export const debugMessageType = {
  FROM_HUBSPOT: 'From HubSpot',
  TO_HUBSPOT: 'To HubSpot',
  GENERIC_MESSAGE: 'Generic Message',
};

export const errorType = { UNKNOWN_MESSAGE_TYPE: 'UNKNOWN_MESSAGE_TYPE' };

// The original names these states `INTERNAL_…`; the wire does not.
const states = (...names) => Object.fromEntries(names.map(name => [`INTERNAL_${name}`, name]));

export const callRingingStatus = states('QUEUED', 'RINGING', 'CONNECTING', 'CALLING_CRM_USER');
export const callInProgressStatus = states('IN_PROGRESS');
export const callEndingStatus = states('ENDING');
export const callEndStatus = states('COMPLETED', 'FAILED', 'CANCELED', 'BUSY', 'NO_ANSWER');
export const callStatus = {
  ...callRingingStatus, ...callInProgressStatus, ...callEndingStatus, ...callEndStatus,
};

export const CONTACT = 'CONTACT';
export const COMPANY = 'COMPANY';
export const callerIdTypes = { CONTACT, COMPANY };
