//! The Russian texts of the landing page, the name form and the error pages.

use super::PageStrings;

pub(in crate::i18n) static STRINGS: PageStrings = PageStrings {
    tagline: "Групповой чат на вашем сервере: имя, комната — и можно говорить.",
    your_name: "Ваше имя",
    room: "Комната",
    room_hint: "Латинские буквы, цифры, - и _. С новым названием появится новая комната.",
    signed_out: "Ваш сеанс завершён.",
    have_account: "Вы входите как гость. С учётной записью имя принадлежит только вам, на всех устройствах.",
    join_conversation: "Присоединиться к разговору",
    join_room: |room| format!("Присоединяйтесь к #{room}. Как вас называть?"),
    as_guest: "Продолжить как гость",
    open_rooms: "Открытые комнаты",
    no_open_rooms: "Открытых комнат пока нет. Введите название выше, чтобы создать первую.",
    sign_in: "Войти",
    account: "Учётная запись",
    not_found_title: "Страница не найдена",
    not_found_text: "По этому адресу нет страницы.",
    #[cfg(feature = "ssr")]
    bad_request_title: "Запрос непонятен",
    #[cfg(feature = "ssr")]
    bad_request_text: "В адресе или в форме есть значение, которое сервер не может прочитать. Вернитесь и попробуйте снова.",
    unavailable_title: "Одну минуту",
    unavailable_text: "Сервер сейчас не может обратиться к хранилищу. Ничего не потеряно; попробуйте чуть позже.",
    #[cfg(feature = "ssr")]
    discard_one: "Одно сообщение или один черновик не отправлены. Удалить? Иначе текст останется здесь до следующего входа.",
    #[cfg(feature = "ssr")]
    discard_many: "Не отправлено сообщений и черновиков: {count}. Удалить? Иначе они останутся здесь до следующего входа.",
};
