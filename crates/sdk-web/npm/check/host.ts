// A page that plays HubSpot.

import { IFrameManager } from 'callscope-sdk';

const host = new IFrameManager({
  debugMode: false,
  iFrameOptions: { src: 'https://phone.example', width: '400', height: '600', hostElementSelector: '#phone' },
  syncFields: { portalId: 7, engagementId: 8 },
  onMessageHandler: ({ type, data }) => {
    if (type === 'RESIZE_WIDGET') host.updateIFrameSize(data);
  },
  onIgnored: ({ type, reason }) => console.log(type, reason),
});
host.sendMessage({ type: 'DIAL_NUMBER', data: { phoneNumber: '+442079460123' } });
host.navigate('https://phone.example/other');
host.remove();
