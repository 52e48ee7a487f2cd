/** The texts by which tests find elements. Tests use the texts that users read, not ids or classes. */
export interface Words {
  locale: string;
  yourName: string;
  room: string;
  join: string;
  asGuest: string;
  openRooms: string;
  signIn: string;
  messages: string;
  message: string;
  send: string;
  retryNow: string;
  attempt: RegExp;
  /** Matches a wait of five seconds or more until the next attempt. */
  longWait: RegExp;
  waiting: string;
  notSent: string;
  retry: string;
  cancel: string;
  newVersion: string;
  reload: string;
  nothingKept: string;
  close: string;
  save: string;
  copyLink: string;
  pill: RegExp;
  newSince: (count?: string) => RegExp;
  beginning: string;
  emptyTitle: string;

  rooms: string;
  showRooms: RegExp;
  findRoom: string;
  newRoom: string;
  browseRooms: string;
  name: string;
  topicOptional: string;
  create: string;
  createNamed: (room: string) => string;
  search: string;
  topic: string;
  editTopic: RegExp;
  leaveRoom: string;
  roomMenu: string;
  leaveTitle: (room: string) => string;
  leave: string;
  keys: string;

  people: string;
  peopleToggle: RegExp;
  here: RegExp;
  notHere: RegExp;
  settings: RegExp;
  statusOnline: string;
  statusAway: string;
  statusBusy: string;
  statusInvisible: string;
  shareReads: string;
  themeDark: string;
  textLarge: string;
  compact: string;
  reduceMotion: string;
  away: string;
  busy: string;
  joined: (name: string) => RegExp;
  left: (name: string) => RegExp;
  typing: (name: string) => RegExp;

  actions: string;
  emoji: string;
  deleted: string;
  deletedOwn: string;
  edited: string;
  edits: string;
  askDelete: string;
  delete: string;
  reply: string;
  edit: string;
  react: string;
  keep: string;
  new: string;
  readBy: RegExp;
  replyingTo: (name: string) => RegExp;
  editing: string;
  copy: string;
  copied: string;
  noSuchLine: string;
}

/** Matches a sentence with a name, which may be enclosed in isolation characters. */
const around = (before: string, name: string, after: string) => new RegExp(`${before}\u2068?${name}\u2069?${after}`);

export const english: Words = {
  locale: "en-US",
  yourName: "Your name",
  room: "Room",
  join: "Join",
  asGuest: "Continue as a guest",
  openRooms: "Open rooms",
  signIn: "Sign in",
  messages: "Messages",
  message: "Message",
  send: "Send",
  retryNow: "Retry now",
  attempt: /attempt \d+/,
  longWait: /next attempt in ([5-9]|\d\d) s/,
  waiting: "Waiting for the connection",
  notSent: "Not sent",
  retry: "Retry",
  cancel: "Cancel",
  newVersion: "A new version of Hubbub is available.",
  reload: "Reload",
  nothingKept: "This room is not saved on this device.",
  close: "Close",
  save: "Save",
  copyLink: "Copy link",
  pill: /^\d+ new messages?$/,
  newSince: (count = "\\d+\\+?") => new RegExp(`${count.replace(/\+$/, "\\+")} new since (.*, )?\\d\\d:\\d\\d`),
  beginning: "This is where the room begins.",
  emptyTitle: "No messages yet",

  rooms: "Rooms",
  showRooms: /^Show rooms/,
  findRoom: "Find a room",
  newRoom: "New room",
  browseRooms: "Browse rooms",
  name: "Name",
  topicOptional: "Topic (optional)",
  create: "Create room",
  createNamed: (room) => `Create #${room}`,
  search: "Search",
  topic: "Topic",
  editTopic: /^Edit topic/,
  leaveRoom: "Leave room",
  roomMenu: "Room menu",
  leaveTitle: (room) => `Leave #${room}?`,
  leave: "Leave",
  keys: "Keyboard shortcuts",

  people: "People",
  peopleToggle: /^\d+ (person|people) here$/,
  here: /^Here/,
  notHere: /^Not here/,
  settings: /Status and settings$/,
  statusOnline: "Online",
  statusAway: "Away",
  statusBusy: "Do not disturb",
  statusInvisible: "Invisible",
  shareReads: "Show others what I have read",
  themeDark: "Dark",
  textLarge: "Large text",
  compact: "Compact layout",
  reduceMotion: "Reduce motion",
  away: "away",
  busy: "busy",
  joined: (name) => around("", name, ".* joined"),
  left: (name) => around("", name, ".* left"),
  typing: (name) => around("", name, " is writing…"),

  actions: "Message actions",
  emoji: "Emoji",
  deleted: "Message deleted",
  deletedOwn: "You deleted this message",
  edited: "(edited)",
  edits: "Edit history",
  askDelete: "Delete this message for everyone?",
  delete: "Delete",
  reply: "Reply",
  edit: "Edit",
  react: "React",
  keep: "Keep",
  new: "New",
  readBy: /^Read by /,
  replyingTo: (name) => around("Replying to ", name, ""),
  editing: "Editing a message",
  copy: "Copy",
  copied: "Copied",
  noSuchLine: "This message does not exist in this room.",
};

export const russian: Words = {
  locale: "ru-RU",
  yourName: "Ваше имя",
  room: "Комната",
  join: "Присоединиться",
  asGuest: "Продолжить как гость",
  openRooms: "Открытые комнаты",
  signIn: "Войти",
  messages: "Сообщения",
  message: "Сообщение",
  send: "Отправить",
  retryNow: "Повторить сейчас",
  attempt: /попытка \d+/,
  longWait: /следующая попытка через ([5-9]|\d\d) с/,
  waiting: "Ждёт соединения",
  notSent: "Не отправлено",
  retry: "Повторить",
  cancel: "Отменить",
  newVersion: "Доступна новая версия Hubbub.",
  reload: "Обновить",
  nothingKept: "Эта комната не сохранена на этом устройстве.",
  close: "Закрыть",
  save: "Сохранить",
  copyLink: "Скопировать ссылку",
  pill: /^\d+ нов(ое|ых) сообщени(е|я|й)$/,
  newSince: (count = "\\d+\\+?") => new RegExp(`${count.replace(/\+$/, "\\+")} нов(ое|ых) со? (.*, )?\\d\\d:\\d\\d`),
  beginning: "Здесь начинается история комнаты.",
  emptyTitle: "Сообщений пока нет",

  rooms: "Комнаты",
  showRooms: /^Показать комнаты/,
  findRoom: "Найти комнату",
  newRoom: "Новая комната",
  browseRooms: "Все комнаты",
  name: "Название",
  topicOptional: "Тема (необязательно)",
  create: "Создать комнату",
  createNamed: (room) => `Создать #${room}`,
  search: "Поиск",
  topic: "Тема",
  editTopic: /^Изменить тему/,
  leaveRoom: "Выйти из комнаты",
  roomMenu: "Меню комнаты",
  leaveTitle: (room) => `Выйти из #${room}?`,
  leave: "Выйти",
  keys: "Сочетания клавиш",

  people: "Участники",
  peopleToggle: /^Здесь \d+ человека?$/,
  here: /^Здесь/,
  notHere: /^Отсутствуют/,
  settings: /Статус и настройки$/,
  statusOnline: "В сети",
  statusAway: "Нет на месте",
  statusBusy: "Не беспокоить",
  statusInvisible: "Невидимка",
  shareReads: "Показывать другим, что я прочитал(а)",
  themeDark: "Тёмная",
  textLarge: "Крупный текст",
  compact: "Компактный вид",
  reduceMotion: "Меньше анимации",
  away: "нет на месте",
  busy: "занят(а)",
  joined: (name) => around("Теперь в комнате: .*", name, ""),
  left: (name) => around("Больше не в комнате: .*", name, ""),
  typing: (name) => around("", name, " пишет…"),

  actions: "Действия с сообщением",
  emoji: "Эмодзи",
  deleted: "Сообщение удалено",
  deletedOwn: "Вы удалили это сообщение",
  edited: "(изменено)",
  edits: "История изменений",
  askDelete: "Удалить это сообщение для всех?",
  delete: "Удалить",
  reply: "Ответить",
  edit: "Изменить",
  react: "Отреагировать",
  keep: "Оставить",
  new: "Новое",
  readBy: /^Прочитали: /,
  replyingTo: (name) => around("Ответ для ", name, ""),
  editing: "Изменение сообщения",
  copy: "Копировать",
  copied: "Скопировано",
  noSuchLine: "Такого сообщения в этой комнате нет.",
};
