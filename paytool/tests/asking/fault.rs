//! Requests that `paytool batch` refuses.

use crate::asking::ask;
use serde_json::Value;

/// What kind of error the answer to a request tells.
pub(crate) fn kind(request: &Value) -> String {
    let answer = ask(request);
    assert_eq!(answer["ok"], false, "{request}: {answer}");
    answer["error"]["kind"].as_str().unwrap().to_owned()
}
