import { nameKeys } from './keys.js';

nameKeys(document);
