"""Every word people read, in English and in one table, so that another language is another catalogue.

A member's name and its text are the entry's `msgctxt` and `msgid` in the catalogues of
`locale/`; after a change of words, `make words`. Clauses that may be missing stand alone and bring their own
separator (" on {cluster}"); whoever fills in a value has made it harmless before.
"""

from enum import Enum, StrEnum, unique


@unique
class Say(StrEnum):
    """Words and sentences, in the order of the modules that use them."""

    # how texts are put together
    LABELLED = "{label}: {text}"
    HEADING = "{label}:"
    ITEMS = "{one}, {other}"
    CLAUSES = "{first}, {then}"
    SERIES = "{one}; {other}"
    SENTENCE = "{text}."
    SENTENCES = "{one} {other}"
    COUNTED = "{n} {what}"
    GROUP_OF = "{group} ({n})"

    # units and times
    SECONDS = "{n} s"
    MINUTES = "{n} min"
    HOURS = "{n} h"
    DAYS = "{n} d"
    AGO = "{age} ago"
    JUST_NOW = "just now"

    # states
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "ready"
    FAILED = "failed"
    GONE = "no longer listed"
    OTHERWISE = "ended otherwise"
    STUCK = "stuck"

    # one ending
    IS_READY = "Ready: {image}"
    HAS_FAILED = "Failed: {image}"
    HAS_ENDED = "Ended as “{state}”: {image}"
    IS_GONE = "No longer listed; how it ended is unknown: {image}"
    IS_REPLACED = "Replaced by a new run; how it ended is unknown: {image}"
    IS_UNWATCHED = "No longer watched; how it ended is unknown: {image}"
    WAS_LATE = "{state} before I began to watch: {image}"
    SIZED = "{image} ({size})"
    ON = " on {cluster}"
    IN = " in {took}"
    AFTER = " after {took}"
    LAST_SEEN = "When last seen it was {state}."
    STILL_WATCHED = "I go on watching it for you, and tell you when its end is known."
    WAS_FORGOTTEN = "It is no longer listed, and I have forgotten it. So your watch of it has ended."
    OTHER_ACCOUNT = (
        "The API address or key now belongs to another account, so I cannot see this task any more, "
        "and your watch of it has ended."
    )
    ODD_STATE = "The vendor does not document this state; it is shown as it came."
    AGAIN_LATER = "It had ended before; this is a later ending."
    AGAIN_OTHER = "It had ended differently before; this is what the list says now."
    AGAIN_WORKED = "It had ended before, was seen at work again and has ended again."
    HUNG = "It had hung in {state} for {gap}."
    HABIT = "{nth} failure of this image within a day."
    SECOND = "Second"
    THIRD = "Third"
    FOURTH = "Fourth"
    FIFTH = "Fifth"
    NTH_1 = "{n}st"
    NTH_2 = "{n}nd"
    NTH_3 = "{n}rd"
    NTH = "{n}th"
    PLEASE_LOOK = "{whom}, please look."
    WHY = "Why"
    WHY_NOT = "the vendor gave no reason"
    VENDOR = "Vendor's words"
    IMAGE = "Image"
    CLUSTER = "Cluster"
    PRODUCTS = "Products"
    WHOLE_CLUSTER = "the whole cluster"
    SIZE = "Size"
    TOOK = "Took"
    CREATED = "Created"
    DATED = "{at} ({age})"
    ENDED = "Ended"
    NOTICED = "Noticed"
    NOTE = "Note"
    TASK = "Task"
    CREDENTIAL = "Registry credential"
    CREDENTIAL_SET = "set"
    TEXT_TASK = "Task {id}."
    OPEN_CONSOLE = "Open console"
    MAY_REPEAT = "This may repeat an earlier message: Slack did not let me look whether it arrived."

    # causes of failures, and what to do
    CAUSE_AUTHENTICATION = "registry authentication"
    CAUSE_NOT_FOUND = "image not found"
    CAUSE_RATE_LIMIT = "registry rate limit"
    CAUSE_NO_SPACE = "no space left"
    CAUSE_TOO_LARGE = "image too large"
    CAUSE_TIMEOUT = "timeout"
    CAUSE_NETWORK = "network"
    CAUSE_QUOTA = "quota"
    WHAT_TO_DO = "What to do"
    DO_LOG_IN = (
        "No registry credential (repositoryAuth) was given. If the image is private, create the task again with one; "
        "else check the address."
    )
    DO_RENEW = "Check that the task's registry credential (repositoryAuth) is still valid and may pull this image."
    DO_FIND = "Check the image's address and tag, and that it was pushed there."
    DO_WAIT = "Wait until the registry's limit is over, then create the task again, or use another registry."
    DO_WAIT_LOG_IN = (
        "Wait until the registry's limit is over, then create the task again. "
        "No credential (repositoryAuth) was given: many registries allow more with one."
    )
    DO_FREE = "Try a smaller image or another cluster, or ask the vendor for space on this one."
    DO_SHRINK = "Make the image smaller, or ask the vendor to allow more (by default 100 GB for an image)."
    DO_NEARER = "Create the task again. If it times out again, put the image in a registry nearer to the cluster."
    DO_REACH = "Check that the registry is up and can be reached from the cluster, then create the task again."
    DO_ALLOW = "Delete prewarm tasks that you no longer need, or ask the vendor for a larger quota."

    # many endings
    READY_ON_OF = "; ready on {ready} of {all}: {places}"
    READY_ON_TOO = "; ready on {places}"
    FAILED_ON = "{image} failed on {places}"
    STILL_ON = "{image} on {places}"
    PLACE = "{cluster} ({told})"
    PLACE_AT = "{place} {at}"
    FROM_TO = "{first} to {last}"
    ALIKE = " (and alike)"
    UNKNOWN_GROUP = "How they ended is unknown"
    READY_GROUP = "Ready"
    LATE_GROUP = "Ended before I began to watch"
    REPLACED = "replaced by a new run"
    UNWATCHED = "no longer watched"
    WATCHED_ON = "still watched"
    ENDED_AS = "ended as “{state}”"
    TEXT_FAILED = "Failed: {tasks}."
    TEXT_UNKNOWN = "Unknown: {tasks}."
    TEXT_READY = "Ready: {tasks}."
    TEXT_LATE = "From before I watched: {tasks}."
    TIMES = "{image} ({n})"
    ONE_FAILURE = "{image} on {cluster} ({reason})"

    # tasks that hang
    IS_STUCK = "{state} for {age}: {image}"
    STUCK_ENDED = "Ended since: {how} · {image}"
    STUCK_WAS = "When this was written, it had been {state} for {age}."
    STUCK_ENDED_GROUP = "Ended since"
    STUCK_ALL_ENDED = ", all have ended since"
    STUCK_ENDED_LINE = "{image} on {cluster} ({id}): {how}"
    STUCK_SINCE = "{state} since"
    STUCK_PENDING = "It may wait for a free node, or behind other tasks of this account."
    STUCK_PENDING_NEXT = (
        "Check the cluster and the quota in the console. If it never starts, ask the vendor with its ID."
    )
    STUCK_RUNNING = "The registry may be slow or limit the rate: several nodes pull the image at once."
    STUCK_RUNNING_NEXT = (
        "Check that the registry answers, and how fast. One nearer to the cluster sends the image sooner."
    )

    # the last rung: fixed words and IDs
    FIXED = "Prewarm tasks ended"
    FIXED_STUCK = "Prewarm tasks are stuck"
    FIXED_NOTICE = "The prewarm bot has a notice ({kind}) that Slack would not show; its log has it."

    # the bot about itself
    HELLO = "I watch the prewarm tasks from now on"
    HELLO_NEXT = "Each task that ends from now on is told here once. What had ended before is not told again."
    ACCOUNT = "Another account: I watch its prewarm tasks from now on"
    ACCOUNT_NEXT = (
        "The API address or key now belongs to another account, so I started afresh. "
        "What had ended there before is not told; each task that ends from now on is told here once."
    )
    LOST = "My memory was lost: I watch the prewarm tasks anew"
    LOST_NEXT = "What ended while I could not remember may not have been told: please look at the list once."
    LOST_FILE = "The damaged store was moved to {file}."
    DAMAGED = "My memory was damaged, and part of it is gone"
    DAMAGED_PERHAPS = "My memory was damaged, and part of it may be gone"
    DAMAGED_WHOLE = "My memory was damaged, and nothing of it is gone"
    DAMAGED_KEPT = "What could be read was kept, and I go on with it."
    DAMAGED_GONE = "Gone: {what}."
    DAMAGED_UNKNOWN = "There may be more that I cannot count."
    DAMAGED_WAITING = "A message that waited and is gone will not come: please look at the list once ({list})."
    DAMAGED_POSTS = "A message that was on its way may come a second time, and then says so."
    DAMAGED_TASKS = "Tasks that I no longer know count as new: if one of them has ended by now, that is not told."
    DAMAGED_ASKED = "{subscriptions} shows what is still subscribed and watched: please make anew what is missing."
    WATCHING_SINCE = "Watching since {at}. Listed now: {counts}."
    NOTHING_LISTED = "no tasks"
    TRY_HELP = "{command} shows what is going on, {help} what you can ask."
    BLIND = "I cannot see the prewarm tasks"
    BLIND_FOR = "I cannot see the prewarm tasks for {gap}"
    BLIND_SINCE = "The last good look at the list was {since}."
    BECAUSE = "Why: {why}."
    BLIND_NEXT = "I keep trying. What ends meanwhile is told here as soon as I see the list again."
    SIGHTED = "I see the prewarm tasks again"
    SIGHTED_AFTER = "I see the prewarm tasks again (after {gap})"
    BLIND_FROM_TO = "I could not see the list from {since} to {at}."
    AWAY = "I am back"
    AWAY_AFTER = "I am back (after {gap})"
    AWAY_FROM_TO = "I was not running from {since} to {at}."
    MEANWHILE = "What ended meanwhile is told with its own times."
    PARKED = "I cannot post in channel {channel}"
    PARKED_PRIVATE = "I cannot send direct messages to {person}"
    PARKED_TO = "Slack refuses my messages to {person}: {why}."
    PARKED_WHERE = "In {channel} Slack refuses my messages: {why}."
    PARKED_SINCE = "So it has been since {since}."
    PARKED_NEXT = "I try again by myself, at most 15 minutes apart, and then tell all of it there in order."
    UNTOLD = "I could not post in channel {channel} for {gap}"
    UNTOLD_PRIVATE = "I could not send direct messages to {person} for {gap}"
    UNTOLD_FROM_TO = "From {since} to {at} no message of mine arrived there."
    UNTOLD_WHY = "The last thing I know: {why}."
    UNTOLD_NEXT = "I keep trying by myself, and then tell all of it there in order."
    LEFT_CHANNEL = (
        "Nobody relies on {channel} any more: PREWARM_CHANNEL does not name it, and it has no subscription. "
        "I have forgotten it; a new subscription begins anew."
    )
    LEFT_PERSON = "I have forgotten {person}. Subscriptions that {person} made for channels go on."
    PARKED_INVITE = "To mend it, type {invite} in {channel}."
    PARKED_UNARCHIVE = "To mend it, unarchive {channel}, or, if PREWARM_CHANNEL names it, take it out there."
    PARKED_ALLOW = "To mend it, let the app post in {channel} (channel settings or workspace policy)."
    PARKED_UNKNOWN = "I do not know this refusal. Its code says more: look it up in Slack's documentation."
    PARKED_PERSON = "To mend it, {channel} must be able to receive direct messages from the app."
    SUBSCRIBED = "This channel hears of {what} from now on"
    UNSUBSCRIBED = "This channel no longer hears of {what}"
    ASKED_BY = "{person} asked for it."
    SUBSCRIBED_NEXT = "{command} shows what this channel hears of, and ends it."
    MUTED_FOR = "I am quiet here for {gap}"
    MUTED_UNTIL = "Until {until}, as {person} asked."
    MUTED_NEXT = "Nothing is lost: what ends meanwhile is told here afterwards. To end the quiet now: {command}"
    UNMUTED = "The quiet is over"
    UNMUTED_BY = "{person} ended it."
    UNMUTED_FROM_TO = "I was quiet here from {since} to {at}."
    UNMUTED_TIME = "Its time was up."
    UNMUTED_NOTHING = "The quiet is over: nothing was missed"
    UNMUTED_NEXT = "What was missed follows, with its own times."
    DROPPED_NEXT = "The tasks are not lost: {command} shows what is listed."

    # answers
    AS_OF = "As of {age}."
    NEVER_READ = "I have not read the list since I started."
    TROUBLE = "The list could not be read just now: {why}. This is what I remember."
    NOTHING_ACTIVE = "Nothing is running: {counts}"
    NO_TASKS = "No prewarm tasks are listed"
    AT_WORK = "At work"
    LAST_FAILURES = "Last failures"
    AGE = "created {age}"
    ENDED_AT = "ended {at}"
    WITH_ID = "{task} ({id})"
    ENDED_AGO = "ended {age}"
    MORE = "and {n} more: narrow it with {command}"
    MATCHING = "{n} of {all} tasks match {what}"
    NONE_MATCH = "No task matches {what}"
    WIDEN = "To widen the search, leave out {what}; {command} shows all."
    WIDEN_STATE = "the state"
    WIDEN_CLUSTER = "the cluster"
    WIDEN_WORDS = "a word"
    OR = " or "
    IN_CLUSTER = "cluster {cluster}"
    WITH_WORD = "“{word}”"
    DETAIL = "{state}: {image}"
    NOT_LISTED = "It is no longer listed: missed at {at}."
    CANDIDATES = "{n} tasks begin with {prefix}"
    CANDIDATES_NEXT = "Type more of the ID: {command}"
    UNKNOWN_ID = "No task begins with {prefix}"
    UNKNOWN_ID_NEXT = "{command} searches names, notes and clusters too."
    COL_STATE = "State"
    COL_TIME = "Time"
    COL_ID = "ID"
    GROUP = "{image} on {clusters}: {counts}"
    GROUP_FAILED = "{group}; failed on {places}"
    WITH_REASON = "{where} ({reason})"
    CAPTION = "Prewarm tasks: those at work first, then by their end, newest first"
    PAGE = "Page {page} of {pages}."
    PREVIOUS = "Previous page"
    NEXT = "Next page"
    REFRESH = "Refresh"
    SHOW = "Show"
    WATCH = "Watch"
    UNWATCH = "Unwatch"
    WAS_IT_TOLD = "Was it told?"
    WATCH_ENDED = "It has ended already, so there is nothing left to watch."

    # what became of notifications
    NOBODY_TOLD = "Nobody was told: {image}"
    NOTHING_YET = "Nothing to tell yet: {image}"
    ONE_NOTIFICATION = "Notification {state}: {image}"
    TOLD_WAITING = "waiting"
    TOLD_SENDING = "on its way"
    TOLD_SENT = "sent"
    TOLD_TWICE = "sent, perhaps twice"
    TOLD_DROPPED = "given up"
    TOLD_FOR = "{what}, for {to}: {state}"
    TOLD_FOR_AT = "{what}, for {to}: {state} {at}"
    THE_MESSAGE = "see the message"
    WAS_STUCK = "Stuck ({state})"
    A_NOTICE = "Notice"
    SEEN_QUEUED = "Seen and queued {at}"
    SEEN = "Seen {at}"
    QUEUED = "Queued {at}."
    ATTEMPTED = "tried {at}"
    LATER = "{gap} later"
    IN_DOUBT = "Slack has not said whether it arrived. I look into the history there before I send it again."
    WAS_FOUND = "It was in doubt whether it had arrived; I found it in the history and did not send it again."
    WAS_REPEATED = "It was in doubt whether it had arrived and the history could not be read, so I sent it once more."
    WAS_DROPPED = (
        "It had waited for too long (PREWARM_KEEP_DAYS), too many were waiting, Slack refused it in every form, "
        "or nobody relied on the place any more."
    )
    HELD_MUTED = "It waits for the end of the quiet there; {command} ends it now."
    HELD = "It waits: {why}."
    HELD_TURN = "It waits for its turn."
    NEWS_ENDED = "it was seen at work and has ended"
    NEWS_NEW = "it was new to me and had already ended"
    NEWS_LATE = "it had ended before I began to watch"
    NEWS_LATER = "it ended again, later than every ending known"
    NEWS_OTHER = "it ended differently from the last ending"
    NEWS_AGAIN = "it was seen at work again and has ended again"
    NEWS_VANISHED = "it was no longer listed; how it ended is unknown"
    NEWS_REPLACED = "it was replaced by a new run; how it ended is unknown"
    NEWS_FORGOTTEN = "it was no longer listed and I had forgotten it; how it ended is unknown"
    NEWS_ACCOUNT = "it belongs to an account that I no longer read; how it ended is unknown"
    NO_SUBSCRIPTION = "No subscription and no watch matches this task, so there was nobody to tell."
    FORGOTTEN = "It ended more than {days} days ago. Who was told is remembered only so long (PREWARM_KEEP_DAYS)."
    KNOWN_BEFORE = "It had ended before I began to watch, or before anybody asked to hear of it."
    NOBODY_WILL_HEAR = (
        "It has not ended yet. No subscription and no watch matches it, so nobody will hear when it does."
    )
    HOW_TO_HEAR = "{watch} tells you, {subscribe} tells a channel."

    # what Slack said
    SAID = "{what} ({code})"
    SAID_OK = "Slack took it"
    SAID_UNKNOWN = "nothing was told, and my log may say why"
    SAID_NOTHING = "no answer is known: I was stopped while I waited for it"
    SAID_WAIT = "Slack asked me to wait"
    SAID_MIGRATING = "Slack is moving the workspace"
    SAID_NOT_MEMBER = "I am not in that channel"
    SAID_ARCHIVED = "the channel is archived"
    SAID_NO_DM = "that person cannot receive direct messages from me"
    SAID_RESTRICTED = "Slack does not let me post there"
    SAID_REFUSED = "Slack refuses my token"
    SAID_SCOPE = "my token may not do that"
    SAID_FORM = "Slack refused the form of the message"
    SAID_OURS = "Slack refused the request itself, which is a fault of mine"
    SAID_FAULT = "Slack had a fault of its own; it may have arrived"
    SAID_LATE = "Slack did not answer in time; it may have arrived"
    SAID_NOT_REACHED = "Slack could not be reached"
    MEND_REFUSED = "To mend it, start me with a valid SLACK_BOT_TOKEN."
    MEND_SCOPE = "To mend it, add the scope to the app, install it again and start me with the new token."

    # the bot's own health
    ALL_WELL = "All is well"
    NOT_WELL = "Not all is well: {what}"
    LIST_UNREAD = "I cannot read the task list"
    NO_BASELINE = "I have not seen the whole task list yet"
    SLACK_STOPPED = "Slack refuses me"
    DEAF = "commands do not reach me"
    TASK_LIST = "Task list"
    WATCHED_SINCE = ", watched since {at}"
    UNREAD_SINCE = ", not readable since {at}"
    MESSAGES = "Messages"
    NOTHING_WAITS = "Nothing waits."
    OLDEST_SINCE = "The oldest is from {at}."
    POSTING = "Posting"
    COMMANDS = "Commands"
    CONNECTED = "connected."
    NOT_CONNECTED = "not connected."
    CANNOT_TELL = "I cannot post to"
    BLOCKED_FOR = "{to}: {why} for {gap}."
    QUIET = "Quiet"
    QUIET_THERE = "{to} until {until}"
    QUIET_BY = ", asked for by {by}"
    RUNNING_SINCE = "prewarm-bot {version}, running since {at}."

    # subscriptions and quiet
    EVERY_ENDING = "every task that ends"
    EVERY_FAILURE = "every task that fails"
    EVERY_SUCCESS = "every task that gets ready"
    ONE_TASK = "task {id}, once"
    HERE = "This channel hears of"
    MINE = "You watch (told in direct messages)"
    STANDING = " (from the settings)"
    MADE = "made {at}"
    MADE_BY = "made {at} by {by}"
    QUIET_HERE = "It is quiet here until {until}"
    NO_SUBSCRIPTIONS = "This channel has no subscriptions"
    NO_WATCHES = "You watch nothing"
    END = "End"
    UNMUTE = "End the quiet"
    NO_SUCH_SUBSCRIPTION = "This channel has no subscription {missing}"
    NO_SUCH_WATCH = "You have no watch {missing}"
    WHICH_SUBSCRIPTION = "Which subscription shall end?"
    WHICH_WATCH = "Which watch shall end?"
    HOW_TO_ADD = "To add one: {subscribe} for this channel, {watch} for you."
    HOW_TO_ADD_WATCH = "To add one: {watch}."
    HOW_TO_WATCH = "Nothing yet. {watch} tells you when a task ends."
    NOW_WATCHED = "I tell you in a direct message when task {id} ends"
    ALREADY_WATCHED = "I watch task {id} for you already"
    NOW_TOLD = "From now on I tell you in direct messages of {what}"
    ALREADY_TOLD = "I tell you of {what} already"
    ALREADY_HEARD = "This channel hears of {what} already"
    NO_LONGER_TOLD = "I no longer tell you of {what}"
    NONE_MATCHING = "No task at work matches now."
    ENDS_IT = "{command} ends it."
    QUEUED_STAYS = "What had been noticed before is still told."
    IS_QUIET = "It is quiet here now"
    QUIET_TILL = "Until {until} I tell nothing here. Nothing is lost: it is told afterwards, a summary first."
    WAS_NOT_QUIET = "It was not quiet here"
    HOW_TO_MUTE = "/prewarm mute 2h makes it so for two hours."

    # languages
    ENGLISH = "English"
    CHINESE = "Chinese"
    SPOKEN_HERE = "I write {language} in this channel"
    SPOKEN_TO_YOU = "I write {language} to you"
    CHOSEN = "Somebody chose it here. {command} goes back to the default."
    CHOSEN_BY_YOU = "You chose it. {command} goes back to the default."
    BY_DEFAULT = "Nobody chose it: it is the default (PREWARM_LANGUAGE)."
    BY_SLACK = "You have not chosen: it is that of your Slack, or else the default (PREWARM_LANGUAGE)."
    USE_DEFAULT = "Use the default"

    # refusals
    NOT_HERE = "I cannot post in this channel yet"
    INVITE_FIRST = "Type {invite} in {channel}, then ask me again."
    FORBIDDEN = "I may not answer you"
    FORBIDDEN_HERE = "I may not answer in this channel"
    RESTRICTED = "Who may ask me is limited ({setting})."
    RESTRICTED_HERE = "Where I may be asked is limited ({setting})."
    ASK = "To change that, ask {people}."
    ASK_WHOEVER = "To change that, ask whoever runs this bot."

    # App Home
    AS_OF_AT = "As of {at}."
    HEALTH = "My own health"
    MORE_HEALTH = "{command} says more."
    HINT = "Ask anywhere: {command} for all of this, {failed} for what failed, {help} for the rest."

    # help
    HELP = "What you can ask me"
    HELP_WHERE = (
        "As {command}, as a mention, or in a direct message. English or Chinese, in any case and order: {example}"
    )
    HELP_WORDS = "A first word that is no command is searched for. Quotes keep words together: {example}"
    HELP_MORE = "More on one of them: {command}"
    HELP_LATER = "Not built yet"
    HELP_UNKNOWN = "There is no command {topic}."
    ALSO = "Also: {words}."
    EXAMPLES = "For example"
    EXAMPLE = ", for example {typed}"
    GROUP_ASK = "Ask"
    GROUP_FOLLOW = "Follow, in a direct message to you"
    GROUP_CHANNEL = "This channel"
    GROUP_BOT = "The bot"
    GROUP_CHANGE = "Change something (operators)"
    NO_ANSWER = "I could not answer that: something failed on my side."
    NO_ANSWER_NEXT = "Please try again in a moment. If it stays so, my log says why."
    NOT_YET = "{command} is not built yet"
    NOT_YET_NEXT = "{help} shows what you can ask today."
    DID_YOU_MEAN = "Did you mean {suggestion}?"
    DID_YOU_MEAN_NEXT = "To search for tasks with that word: {search}"
    DID_YOU_MEAN_QUOTED = "If you do mean that word, put it in quotes: {quoted}"
    DOES_SUMMARY = "what is going on: counts, tasks at work, last failures"
    DOES_LIST = "the listed tasks; states, a cluster and words narrow it"
    DOES_SHOW = "one task, whole; the ID may be cut short"
    DOES_HELP = "this, or one command"
    DOES_WATCH = "tell me when a task ends, or each that matches"
    DOES_UNWATCH = "end a watch"
    DOES_SUBSCRIBE = "tell this channel of each task that ends and matches"
    DOES_UNSUBSCRIBE = "end a subscription of this channel"
    DOES_SUBSCRIPTIONS = "what this channel hears of, and what you watch"
    DOES_MUTE = "be quiet in this channel for a while"
    DOES_UNMUTE = "end the quiet"
    DOES_WHY = "what became of the notifications about a task"
    DOES_STATUS = "the bot's own health"
    DOES_LANGUAGE = "English or Chinese, for this channel or me"
    DOES_QUOTA = "the allowance of prewarm tasks"
    DOES_STATS = "the history in figures"
    DOES_CREATE = "prewarm an image (operators)"
    DOES_RETRY = "try a task again (operators)"
    DOES_DELETE = "delete tasks (operators)"
    MORE_LIST = (
        "States: pending, running, succeeded (or ready), failed; several mean any of them. "
        "Every word must be in the name, address, note, cluster or ID; quotes keep words together."
    )
    MORE_ID = "The beginning of an ID will do where no other task begins so."
    MORE_WHY = "Whom I told of it, when, and what waits and why. The beginning of the ID will do."
    MORE_WATCH = (
        "With an ID: once, when that task ends. With failed or succeeded, a cluster or words: each time, "
        "until you say unwatch."
    )
    MORE_UNWATCH = "By its number, or with the words it was made with. Alone: the only one you have."
    MORE_SUBSCRIBE = (
        "Without failed or succeeded it hears of both; failed includes what ended otherwise, vanished or is stuck. "
        "It is announced here."
    )
    MORE_UNSUBSCRIBE = "The command subscriptions shows the numbers. Without one: the only one there is."
    MORE_MUTE = "From 1 minute to 7 days. Nothing is lost: what ends meanwhile is summed up afterwards."
    MORE_LANGUAGE = (
        "In a channel it is the channel's, in a direct message yours. With default it is as if nobody had chosen; "
        "in direct messages that is the language set in Slack."
    )
    MORE_UNMUTE = "What was missed is summed up at once."

    # wrong usage: titles, so at most 150 characters
    SHOW_NEEDS_ID = "Which task? Say show and one ID, which may be cut short: show nzd5ny"
    SHOW_ONE_ID = "One task at a time: show and one ID. To search for several words, say list and the words."
    WHY_NEEDS_ID = "Which task? Say why and one ID, which may be cut short: why nzd5ny"
    WHY_ONE_ID = "One task at a time: why and one ID, for example why nzd5ny"
    ONE_CLUSTER = "One cluster at a time: cluster: and one ID, for example list cluster:cn-dev-1"
    CLUSTER_NEEDS_ID = "Which cluster? Write cluster: and its ID, for example list cluster:cn-dev-1"
    WATCH_WHAT = "Watch what? Say an ID, failed or succeeded, a cluster or words: watch nzd5ny, or watch failed qwen"
    ONLY_ENDINGS = (
        "Only endings are told: failed, succeeded or both, as in watch failed qwen. To see the others: list running"
    )
    SUBSCRIBE_HERE = "Say it in the channel that is to hear of it, without the channel's name: subscribe failed qwen"
    UNSUBSCRIBE_NUMBER = (
        "Which subscription? Say its number, for example unsubscribe 2. To see the numbers: subscriptions"
    )
    MUTE_HOW_LONG = "Quiet for how long? Say mute 2h, mute 90min, or mute until 18:00"
    MUTE_LIMITS = "Quiet lasts from 1 minute to 7 days: mute 2h, mute 3d, or mute until 18:00"
    LANGUAGE_WHICH = "Which language? Say language en, language zh, or language default"
    STATUS_ALONE = (
        "status is about me, the bot, and takes nothing more. For a task: show nzd5ny. For a state: list failed"
    )


@unique
class Count(Enum):
    """Words that bend with a number: (one, many)."""

    ALL_FAILED = ("{n} prewarm task failed", "{n} prewarm tasks failed")
    ALL_UNKNOWN = ("{n} task ended, how is unknown", "{n} tasks ended, how is unknown")
    ALL_READY = ("{n} prewarm task ready", "{n} prewarm tasks ready")
    TASKS_ENDED = ("{n} prewarm task ended", "{n} prewarm tasks ended")
    ALL_LATE = ("{n} task ended before I began to watch", "{n} tasks ended before I began to watch")
    CLUSTERS = ("{n} cluster", "{n} clusters")
    ON_CLUSTERS = ("{image} on {n} cluster", "{image} on {n} clusters")
    FAILED = ("{n} failed", "{n} failed")
    READY = ("{n} ready", "{n} ready")
    UNKNOWN = ("{n} unknown", "{n} unknown")
    LATE = ("{n} from before I watched", "{n} from before I watched")
    MORE_REASONS = ("and {n} more reason", "and {n} more reasons")
    MORE_SIGNS = (" ({n} more character)", " ({n} more characters)")
    MORE = ("and {n} more", "and {n} more")
    LISTED = ("{n} task is listed", "{n} tasks are listed")
    SEARCHED = (
        "I looked at the {n} listed task: its name, address, note, cluster and ID.",
        "I looked at all {n} listed tasks: names, addresses, notes, clusters and IDs.",
    )
    KNOWN = ("I know {n} task.", "I know {n} tasks.")
    WAITING = ("{n} message waits.", "{n} messages wait.")
    WAITED = ("{n} message was waiting by then.", "{n} messages were waiting by then.")
    GIVEN_UP_FOR = ("{n} message for {to} was given up", "{n} messages for {to} were given up")
    LEFT_WATCHES = ("{n} watch of {to} has ended", "{n} watches of {to} have ended")
    DROPPED = ("{n} message that was to come here was given up", "{n} messages that were to come here were given up")
    GIVEN_UP_OLD = (
        "{n} had waited longer than I may keep it (PREWARM_KEEP_DAYS).",
        "{n} had waited longer than I may keep them (PREWARM_KEEP_DAYS).",
    )
    GIVEN_UP_MANY = (
        "{n} was the oldest when more than 10,000 waited.",
        "{n} were the oldest when more than 10,000 waited.",
    )
    GIVEN_UP_REFUSED = ("{n} was refused by Slack in every form.", "{n} were refused by Slack in every form.")
    GIVEN_UP_LEFT = (
        "{n} was left when nobody relied on messages here any more.",
        "{n} were left when nobody relied on messages here any more.",
    )
    GIVEN_UP_UNKNOWN = (
        "{n} was given up by an older version of me, which did not note why.",
        "{n} were given up by an older version of me, which did not note why.",
    )
    GONE_TASKS = ("{n} remembered task", "{n} remembered tasks")
    GONE_DELIVERIES = ("{n} message that waited", "{n} messages that waited")
    GONE_POSTS = ("{n} message on its way", "{n} messages on their way")
    GONE_SUBSCRIPTIONS = ("{n} subscription or watch", "{n} subscriptions or watches")
    GONE_MUTES = ("{n} quiet", "{n} quiets")
    GONE_LANGUAGES = ("{n} choice of language", "{n} choices of language")
    GONE_ARCHIVE = ("the record of {n} notification", "the records of {n} notifications")
    GONE_OTHER = ("{n} note of mine", "{n} notes of mine")
    MISSED = ("The quiet is over: {n} message was missed", "The quiet is over: {n} messages were missed")
    STUCK = ("{n} prewarm task is stuck", "{n} prewarm tasks are stuck")
    ENDED_SINCE = (", {n} has ended since", ", {n} have ended since")
    WERE_STUCK = ("{n} prewarm task was stuck", "{n} prewarm tasks were stuck")
    NOTIFICATIONS = ("{n} notification ({states}): {image}", "{n} notifications ({states}): {image}")
    EARLIER = ("and {n} earlier", "and {n} earlier")
    WILL_HEAR = (
        "It has not ended yet. When it does, {n} recipient hears of it.",
        "It has not ended yet. When it does, {n} recipients hear of it.",
    )
    BLOCKED = ("I cannot post to {n} recipient", "I cannot post to {n} recipients")
    UNNAMED = (
        "{n} recipient is not named here; operators see it in a direct message",
        "{n} recipients are not named here; operators see them in a direct message",
    )
    HELD_UP = ("{n} message is held up for the moment", "{n} messages are held up for the moment")
    TASKS = ("{n} task", "{n} tasks")
    DOUBTS = (
        "Of {n} it is in doubt whether it arrived; I look before I repeat it.",
        "Of {n} it is in doubt whether they arrived; I look before I repeat them.",
    )
    SUBSCRIPTIONS_MADE = ("{n} subscription made by people.", "{n} subscriptions made by people.")
    SUBSCRIPTIONS = ("{n} subscription in this channel", "{n} subscriptions in this channel")
    WATCHES = ("{n} watch of yours", "{n} watches of yours")
    WATCHES_ENDED = ("{n} watch has ended", "{n} watches have ended")
    PROMISES_ENDED = ("{n} subscription has ended", "{n} subscriptions have ended")
    MATCHING_NOW = ("{n} task at work matches now.", "{n} tasks at work match now.")
    KEPT = ("{n} message was kept and follows.", "{n} messages were kept and follow.")
