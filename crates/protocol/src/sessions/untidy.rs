//! Sessions as untidy as real ones, and correct all the same.

/// Unknown values are null or undefined, and the widget sends keys of its own.
const ODD_FIELDS: &str = r#"
      0 ready 0.9.7-beta.0 .portalId=3 .userId=4
      3 widget    INITIALIZED isLoggedIn=true isAvailable=true engagementId=0 sizeInfo={"width":400,"height":650} theme=dark user={"id":7,"status":"online"} build=null
   1000 host      DIAL_NUMBER phoneNumber=+15550100 objectId=0 objectType=null calleeInfo=null ownerId=null startTimestamp=1700000001000
   1500 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 fromNumber=null cloned:data.callStartTime=undefined createEngagement=true tenant=acme requestId=17
   1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7 portalId=3
   2000 host      INITIATE_CALL_ID_FAILED error={"message":"unknown caller","code":3}
   3000 widget    CALL_ANSWERED externalCallId=a at=1700000003000 recording=null
   9000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED cloned:data.engagementId=undefined reason=null quality={"mos":4.2}
   9500 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false tags=["a","b"] engagementProperties={"hs_call_body":"","hs_call_recording_url":null,"hs_call_disposition":"x","my_property":"y"}
   9800 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
  20000 end
"#;

/// The iframe shows the provider's log-in page first; then the widget loads there.
const LOGIN_PAGE_FIRST: &str = r#"
      0 host      SYNC .hostUrl=https://app.hubspot.com
    100 host      SYNC .hostUrl=https://app.hubspot.com
    200 host      SYNC .hostUrl=https://app.hubspot.com
   1500 host      SYNC .hostUrl=https://app.hubspot.com
   1503 widget    SYNC_ACK .version=0.9.7-beta.0 .hostUrl=https://app.hubspot.com .iFrameUrl=https://widget.example
   1504 widget    INITIALIZED isLoggedIn=false isAvailable=false
   9000 widget    LOGGED_IN
   9001 widget    USER_AVAILABLE
  20000 end
"#;

/// The user looks at the number that HubSpot gave, and closes the widget without calling.
const CLOSED_WITHOUT_CALL: &str = r#"
      0 handshake 0.9.7-beta.0 isAvailable=true
   1000 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000001000
   3000 widget    CALL_COMPLETED hideWidget=true
   3060 host      VISIBILITY_CHANGED isMinimized=false isHidden=true
  20000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
  21000 host      DIAL_NUMBER phoneNumber=+15550111 startTimestamp=1700000021000
  22000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550111,,12 createEngagement=true
  22400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
  25000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
  26000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
  30000 widget    CALL_COMPLETED hideWidget=true
  90000 end
"#;

/// The buttons of demo-minimal-js of 0.9.6, in the order in which somebody might try them.
const DEMO_BUTTONS: &str = r#"
      0 ready 0.9.7-beta.0 .portalId=3 .userId=4
      3 widget    INITIALIZED isLoggedIn=false isAvailable=false sizeInfo={"height":650,"width":400}
   1000 widget    RESIZE_WIDGET width=410 height=660
   1200 widget    ERROR type=ERROR message="This is a message displayed in a Hubspot alert"
   2000 widget    LOGGED_IN
   2500 widget    USER_AVAILABLE
   3000 widget    USER_UNAVAILABLE
   3500 widget    USER_AVAILABLE
   4000 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+442073238299 fromNumber=+18884827768 externalCallId=a
   4400 host      ENGAGEMENT_CREATED engagementId=7
   4401 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
   4450 host      INITIATE_CALL_ID_SUCCEEDED callId=1
   5000 widget    CALL_ENDED callEndStatus=COMPLETED externalCallId=a
   5500 widget    CALL_COMPLETED engagementId=7 externalCallId=a hideWidget=false engagementProperties={"hs_call_title":"Demo call","hs_call_body":"Resolved issue"}
   5800 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7
   8000 widget    INCOMING_CALL createEngagement=true fromNumber=+442073238299 toNumber=+18884827768 externalCallId=b
   8300 host      CALLER_ID_MATCH_FAILED error={"message":"no match"}
   8400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
   9000 widget    CALL_ANSWERED externalCallId=b
  12000 host      END_CALL
  12500 widget    CALL_ENDED
  13000 widget    CALL_COMPLETED engagementId=8 externalCallId=b hideWidget=false engagementProperties={"hs_call_title":"Demo call","hs_call_body":"Resolved issue"}
  13300 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=8
  14000 widget    USER_UNAVAILABLE
  15000 widget    LOGGED_OUT
  16000 widget    LOGGED_IN
  90000 end
"#;

/// One call comes in while another is answered, and one while the user is still writing notes.
const BUSY_USER: &str = r#"
      0 handshake 0.9.7-beta.0 isAvailable=true
   1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
   1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
   3000 widget    CALL_ANSWERED externalCallId=a
  10000 widget    INCOMING_CALL externalCallId=b fromNumber=+15550118 toNumber=+15550111 createEngagement=true
  10200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
  10400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
  15000 widget    CALL_ENDED externalCallId=b engagementId=8 callEndStatus=MISSED
  15500 widget    CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
  30000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED
  40000 widget    INCOMING_CALL externalCallId=c fromNumber=+15550119 toNumber=+15550111 createEngagement=true
  40200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
  40400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=9
  41000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
  45000 widget    CALL_ANSWERED externalCallId=c
  50000 widget    CALL_ENDED externalCallId=c engagementId=9 callEndStatus=COMPLETED
  51000 widget    CALL_COMPLETED externalCallId=c engagementId=9 hideWidget=false
  90000 end
"#;

/// Two calls to one number, one right after the other, without engagements.
const SAME_NUMBER_AGAIN: &str = r#"
      0 handshake 0.5.1
   1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false
   1500 widget    CALL_ENDED callEndStatus=BUSY
   2000 widget    CALL_COMPLETED hideWidget=false
   2500 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=false
   3500 widget    CALL_ANSWERED
   9500 widget    CALL_ENDED callEndStatus=COMPLETED
   9600 widget    CALL_COMPLETED hideWidget=true
  90000 end
"#;

/// The user writes notes for twelve minutes; the laptop sleeps before the next ones are saved.
const LONG_NOTES: &str = r#"
      0 handshake 0.9.7-beta.0
   1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
   1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
  30000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=NO_ANSWER
 750000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
 760000 end
"#;

/// Scripts of the page and other extensions post into the widget's frame, and out of it.
const OTHER_SCRIPTS: &str = r#"
      0 handshake 0.9.7-beta.0
    800 host      – raw={"source":"react-devtools-content-script","hello":true}
    820 host      – raw="setImmediate$0.1$1"
    850 host      hs-nav:resize -messageId width=1200
    900 widget    – raw={"cmd":"fill","id":1}
    950 widget    – raw="[iFrameSizer]iFrame:400:650:init"
   1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
   1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
   9000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
   9500 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
  20000 end
"#;

/// One caller rings while the user is dialing another number, and is transferred; `END_CALL` crosses
/// the end.
const RINGS_WHILE_DIALING: &str = r#"
      0 handshake 0.9.7-beta.0 isAvailable=true
   1000 host      DIAL_NUMBER phoneNumber=+15550100
   1500 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
   1900 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
   3000 widget    INCOMING_CALL externalCallId=b fromNumber=+15550118 toNumber=+15550111 createEngagement=true
   3200 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[]
   3400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
   5000 widget    CALL_ANSWERED externalCallId=a
   9000 widget    CALL_TRANSFERRED externalCallId=b
  19960 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=CANCELED
  20000 host      END_CALL
  21000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=true
  60000 end
"#;

pub(super) const SESSIONS: &[&str] = &[
    ODD_FIELDS,
    LOGIN_PAGE_FIRST,
    CLOSED_WITHOUT_CALL,
    DEMO_BUTTONS,
    BUSY_USER,
    SAME_NUMBER_AGAIN,
    LONG_NOTES,
    OTHER_SCRIPTS,
    RINGS_WHILE_DIALING,
];
