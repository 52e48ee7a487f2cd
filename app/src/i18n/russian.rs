//! The Russian texts, dates and times.

use super::{LocalDate, LocalTime, Refusals, Strings, composer, conversation, files, frame};
use crate::i18n::UnreadSince;

pub(super) static STRINGS: Strings = Strings {
    frame: &frame::RUSSIAN,
    conversation: &conversation::RUSSIAN,
    files: &files::RUSSIAN,
    composer: &composer::RUSSIAN,
    #[cfg(any(feature = "ssr", feature = "csr"))]
    pages: &super::pages::RUSSIAN,
    #[cfg(feature = "ssr")]
    account: &super::account::RUSSIAN,
    join: "Присоединиться",
    to_entrance: "На главную",
    copy_link: "Скопировать ссылку",
    link_copied: "Ссылка скопирована",
    language: "Язык",
    people_count: |count| {
        format!("Здесь {count} {}", plural(count.into(), ["человек", "человека", "человек"]))
    },
    you: "(вы)",
    and_more: |count| format!("и ещё {count}"),
    close: "Закрыть",
    messages: "Сообщения",
    older_messages: "Более ранние сообщения",
    newest_messages: "К новым сообщениям",
    loading: "Загружаются более ранние сообщения…",
    beginning: "Здесь начинается история комнаты.",
    empty_title: "Сообщений пока нет",
    empty_text: "Напишите первое сообщение или отправьте эту ссылку собеседникам.",
    new_messages: |count| {
        let forms = ["новое сообщение", "новых сообщения", "новых сообщений"];
        format!("{count} {}", plural(wide(count), forms))
    },
    today: "Сегодня",
    yesterday: "Вчера",
    date,
    date_and_time,
    sending: "Отправляется",
    waiting: "Ждёт соединения",
    not_sent: "Не отправлено",
    retry: "Повторить",
    cancel: "Отменить",
    message: "Сообщение",
    write_to: |room| format!("Написать в #{room}"),
    send: "Отправить",
    outbox_full: "Слишком много сообщений ждут отправки. Это сообщение останется в поле ввода, пока не освободится место.",
    keys_hint: "Enter — отправить, Shift+Enter — новая строка",
    characters_left: |count| {
        let verb = plural(wide(count), ["Остался", "Осталось", "Осталось"]);
        format!("{verb} {} {}", grouped(count), plural(wide(count), CHARACTERS))
    },
    characters_over: |count| format!("Лишних символов: {}", grouped(count)),
    no_answer: "Сервер не отвечает",
    held_back: |seconds| {
        format!("Вы отправляете слишком быстро. Остальные сообщения отправятся через {seconds} с.")
    },
    unkept: "Хранилище браузера заполнено. Неотправленные сообщения пропадут, если закрыть эту вкладку.",
    unreadable: "Неотправленные сообщения в хранилище браузера сейчас не удаётся прочитать. Они сохранены и будут отправлены позже.",
    connecting: |attempt| format!("Соединяемся… (попытка {attempt})"),
    connection_lost: |attempt| format!("Связь прервалась (попытка {attempt})"),
    offline: "Нет связи",
    next_try: |seconds| format!("следующая попытка через {seconds} с"),
    kept: "Ваши сообщения сохранены и отправятся, когда связь восстановится.",
    retry_now: "Повторить сейчас",
    load_again: "Загрузить страницу заново",
    stopped_elsewhere: "Сервер закрыл соединение.",
    stopped_version: "Эта страница устарела и не может соединиться с сервером.",
    new_version: "Доступна новая версия Hubbub.",
    reload: "Обновить",
    broken: "На этой странице произошла ошибка.",
    refusals: Refusals {
        empty_name: "Введите имя.",
        empty_room: "Введите название комнаты.",
        empty_text: "Сообщение пустое.",
        long_name: |limit| format!("Имя слишком длинное: не больше {} {}.", limit, of_characters(limit)),
        long_room: |limit| {
            format!("Название комнаты слишком длинное: не больше {} {}.", limit, of_characters(limit))
        },
        long_text: |limit| {
            let number = grouped(usize::try_from(limit).unwrap_or(usize::MAX));
            format!("Сообщение слишком длинное: не больше {number} {}.", of_characters(limit))
        },
        long_topic: |limit| format!("Тема слишком длинная: не больше {limit} {}.", of_characters(limit)),
        large_text: |limit| format!("Сообщение слишком большое: не больше {limit} КиБ."),
        invalid_name: "Это имя не подходит. В имени не должно быть переносов строк, невидимых символов, нескольких знаков над одной буквой и «::»; имя «system» занято.",
        invalid_room: "В названии комнаты могут быть только латинские буквы, цифры, - и _.",
        invalid_text: "В сообщении есть управляющие символы, их нельзя отправить.",
        invalid_topic: "Тема — это одна строка без управляющих символов.",
        invalid_emoji: "Этот эмодзи нельзя использовать как реакцию.",
        not_joined: "Вы не участвуете в этой комнате; сначала присоединитесь к ней.",
        no_such_room: "Такой комнаты нет.",
        no_such_line: "Такого сообщения в этой комнате нет.",
        no_such_message: "Этого сообщения больше нет.",
        no_such_reply: "Сообщения, на которое вы отвечаете, больше нет.",
        not_yours: "Изменить сообщение может только его автор.",
        too_many_rooms: |limit| {
            let noun = plural(limit, ["комнате", "комнатах", "комнатах"]);
            format!("Можно участвовать не больше чем в {limit} {noun}; сначала выйдите из одной из них.")
        },
        too_many_edits: |limit| {
            let noun = plural(limit, ["раз", "раза", "раз"]);
            format!("Это сообщение изменено уже {limit} {noun}; больше его изменить нельзя.")
        },
        too_many_names: |limit| {
            let noun = plural(limit, ["имя", "имени", "имён"]);
            format!("В этом браузере использовано уже {limit} {noun}. Выберите одно из них.")
        },
        too_many_reactions: |limit| {
            let noun = plural(limit, ["реакция", "реакции", "реакций"]);
            format!("У этого сообщения уже {limit} {noun}; больше добавить нельзя.")
        },
        client_id_taken: "Идентификатор этого сообщения уже занят. Кнопка «Повторить» отправит сообщение с новым идентификатором.",
        another_author: "Это сообщение написано под другим именем. Кнопка «Повторить» отправит его от вашего нынешнего имени.",
        too_fast: "Слишком много действий за короткое время. Попробуйте чуть позже.",
        unavailable: "Сервер сейчас не может это сохранить. Попробуйте чуть позже.",
        other: "Сервер отклонил запрос.",
    },
};

const WEEKDAYS: [&str; 7] =
    ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"];

/// Genitive forms, as dates need them.
const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

const CHARACTERS: [&str; 3] = ["символ", "символа", "символов"];

/// Returns the genitive form that follows "не больше" (at most).
fn of_characters(count: u64) -> &'static str {
    plural(count, ["символа", "символов", "символов"])
}

pub(super) fn date_and_time(time: LocalTime) -> String {
    format!("{}, {}", date(time.date()), time.full())
}

/// Formats a time as `с 14:02`, with the date if it is not today.
pub(super) fn since_when(UnreadSince { time, today, .. }: UnreadSince) -> String {
    let (date, clock) = (time.date(), time.short());
    let (year, _, day) = date.parts();
    match today {
        None => format!("с {clock}"),
        Some(today) if today == date => format!("с {clock}"),
        Some(today) if today.yesterday() == date => format!("со вчера, {clock}"),
        Some(today) if today.parts().0 == year => format!("с {day} {}, {clock}", MONTHS[date.month()]),
        Some(_) => format!("с {day} {} {year} г., {clock}", MONTHS[date.month()]),
    }
}

fn date(date: LocalDate) -> String {
    let (year, _, day) = date.parts();
    format!("{}, {day} {} {year} г.", WEEKDAYS[date.weekday()], MONTHS[date.month()])
}

/// Selects the form for one, few or many (Unicode CLDR, plural rules of Russian).
pub(super) fn plural(count: u64, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// Formats a number as `4 000`, with a no-break space.
fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{}\u{a0}{:03}", number / 1_000, number % 1_000) }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_counts_have_three_plural_forms() {
        let message_item = [0, 1, 2, 4, 5, 11, 12, 21, 22, 25, 101, 111].map(STRINGS.people_count);
        let expected = [
            "Здесь 0 человек",
            "Здесь 1 человек",
            "Здесь 2 человека",
            "Здесь 4 человека",
            "Здесь 5 человек",
            "Здесь 11 человек",
            "Здесь 12 человек",
            "Здесь 21 человек",
            "Здесь 22 человека",
            "Здесь 25 человек",
            "Здесь 101 человек",
            "Здесь 111 человек",
        ];
        assert_eq!(message_item, expected);
        assert_eq!((STRINGS.new_messages)(3), "3 новых сообщения");
        assert_eq!((STRINGS.characters_left)(21), "Остался 21 символ");
    }
}
