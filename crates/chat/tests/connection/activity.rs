//! Activity and presence of a connection.

use hubbub_chat::{ConnectionEffect, DisplayedPresence, ReadUpdate, RoomCommand};
use hubbub_protocol::{Appearance, Code, Millis, Presence, RequestId, ServerFrame, Status, UserEvent};

use super::{ONLINE, commands, joined, notice};

#[test]
fn user_is_away_after_five_minutes_despite_pings() {
    let (mut connection, _) = joined(Some(0), 0);
    let shows = |presence| vec![notice(RoomCommand::Show(DisplayedPresence { presence, share_reads: true }))];
    let ping = |active| format!(r#"{{"id":2,"do":{{"ping":{{"active":{active}}}}}}}"#);
    for minute in 1..5 {
        let effects = connection.on_frame(&ping(false), Millis(minute * 60_000));
        assert!(matches!(&effects[..], [ConnectionEffect::Write(_)]));
        assert_eq!(connection.on_tick(Millis(minute * 60_000)), []);
    }
    assert_eq!(connection.deadline(), Millis(300_000));
    assert_eq!(connection.on_tick(Millis(300_000)), shows(Presence::Away));
    assert_eq!(connection.on_tick(Millis(300_001)), [], "told once");
    let effects = connection.on_frame(&ping(true), Millis(310_000));
    assert_eq!(effects[..1], shows(Presence::Online));
    assert_eq!(connection.deadline(), Millis(400_000), "the device must be heard before the person");
}

#[test]
fn automatic_reads_are_not_activity() {
    let (mut connection, _) = joined(Some(0), 0);
    for minute in 1..5 {
        let read = format!(r#"{{"id":2,"do":{{"read":{{"room":"general","seq":{minute}}}}}}}"#);
        let effects = connection.on_frame(&read, Millis(minute * 60_000));
        assert!(matches!(commands(&effects)[..], [RoomCommand::Read(ReadUpdate::UpTo(_))]));
    }
    let away = DisplayedPresence { presence: Presence::Away, share_reads: true };
    assert_eq!(connection.on_tick(Millis(300_000)), [notice(RoomCommand::Show(away))]);
    let read = r#"{"id":2,"do":{"read":{"room":"general","seq":5}}}"#;
    let effects = connection.on_frame(read, Millis(310_000));
    assert!(
        matches!(&effects[..], [ConnectionEffect::Request { .. }]),
        "and it does not bring them back: {effects:?}"
    );
    // Marking as unread is activity of the user.
    let unread = r#"{"id":3,"do":{"unread":{"room":"general","seq":5}}}"#;
    let effects = connection.on_frame(unread, Millis(320_000));
    assert_eq!(effects[0], notice(RoomCommand::Show(ONLINE)));
}

#[test]
fn chosen_status_overrides_activity() {
    let (mut connection, _) = joined(Some(0), 0);
    let asked = connection.on_frame(r#"{"id":2,"do":{"appear":{"status":"invisible"}}}"#, Millis(0));
    let invisible = Appearance { status: Status::Invisible, share_reads: true };
    assert_eq!(asked, [ConnectionEffect::Appear { request: RequestId(2), appearance: invisible }]);
    let shown = DisplayedPresence { presence: Presence::Offline, share_reads: true };
    assert_eq!(
        connection.on_user_event(&UserEvent::Appearance(invisible), Millis(0)),
        [notice(RoomCommand::Show(shown))]
    );
    for (status, presence) in [(Status::Busy, Presence::Busy), (Status::Away, Presence::Away)] {
        let shown = DisplayedPresence { presence, share_reads: false };
        let effects = connection
            .on_user_event(&UserEvent::Appearance(Appearance { status, share_reads: false }), Millis(0));
        assert_eq!(effects, [notice(RoomCommand::Show(shown))]);
    }
    let effects = connection.on_frame(r#"{"id":3,"do":{"type":{"room":"general","on":true}}}"#, Millis(1));
    assert!(matches!(commands(&effects)[..], [RoomCommand::Type(true)]), "and nothing is shown: {effects:?}");
    let wrong = connection.on_frame(r#"{"id":4,"do":{"appear":{"status":"asleep"}}}"#, Millis(2));
    let ConnectionEffect::Write(ServerFrame::Refusal { refusal, .. }) = &wrong[0] else {
        panic!("{wrong:?}")
    };
    assert_eq!((refusal.code, refusal.field), (Code::Invalid, Some(hubbub_protocol::Field::Status)));
}
