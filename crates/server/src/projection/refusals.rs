//! Errors in the shape of the dialect whose address was called, wherever they arose.

use super::current::text;
use crate::error::Refusal;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use contract::{operations, playbook};

#[derive(Clone, Copy)]
enum Shape {
    Playbook,
    Operations,
}

/// Gives errors below the addresses of Playbook and Operations the bodies that their clients read;
/// status and headers stay. Sees whole paths.
pub(crate) async fn shape(request: Request, next: Next) -> Response {
    let shape = of(request.uri().path());
    let mut response = next.run(request).await;
    let status = response.status();
    let Some(shape) = shape.filter(|_| status.is_client_error() || status.is_server_error()) else {
        return response;
    };
    let told = response.extensions_mut().remove::<Refusal>();
    let reason = status.canonical_reason().unwrap_or("Error");
    let message = told.map_or_else(|| reason.to_owned(), |told| told.0);
    let body = match shape {
        Shape::Playbook => text(&playbook::Envelope {
            success: false,
            data: None,
            error: Some(playbook::ErrorBody {
                code: playbook_code(status),
                message,
            }),
        }),
        Shape::Operations => text(&operations::ErrorBody {
            detail: operations::ErrorDetail {
                kind: "Error".to_owned(),
                detail: message,
                error_code: operations_code(status),
                field: None,
            },
        }),
    };
    let headers = response.headers_mut();
    // The body that these were about is gone.
    headers.remove(header::CONTENT_ENCODING);
    headers.remove(header::CONTENT_LENGTH);
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, json);
    *response.body_mut() = Body::from(body);
    response
}

fn of(path: &str) -> Option<Shape> {
    let path = path.strip_prefix("/api/v1/")?;
    match path.split('/').next()? {
        "playbook-runs" | "playbooks" => Some(Shape::Playbook),
        "operations" => Some(Shape::Operations),
        // Studio has artifacts of its own, which are asked for by GET.
        "artifacts" if path == "artifacts/download" || path.ends_with("/list") => {
            Some(Shape::Operations)
        }
        _ => None,
    }
}

fn playbook_code(status: StatusCode) -> playbook::ErrorCode {
    use playbook::ErrorCode;
    match status {
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthorized,
        StatusCode::FORBIDDEN | StatusCode::MISDIRECTED_REQUEST => ErrorCode::NoOrgAccess,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::CONFLICT => ErrorCode::Conflict,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable,
        status if status.is_server_error() => ErrorCode::InternalError,
        _ => ErrorCode::BadRequest,
    }
}

fn operations_code(status: StatusCode) -> operations::ErrorCode {
    use operations::ErrorCode;
    match status {
        StatusCode::UNAUTHORIZED => ErrorCode::Authentication,
        StatusCode::FORBIDDEN | StatusCode::MISDIRECTED_REQUEST => ErrorCode::Authorization,
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::CONFLICT => ErrorCode::Conflict,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::RateLimit,
        status if status.is_server_error() => ErrorCode::Internal,
        _ => ErrorCode::Validation,
    }
}
