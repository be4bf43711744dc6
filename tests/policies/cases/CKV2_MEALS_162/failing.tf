# expect: fail
resource "aws_s3_bucket" "website" {
  bucket = "website"

  website {
    index_document = "index.html"
  }
}

# expect: fail
resource "aws_s3_bucket_website_configuration" "website" {
  bucket = "website"

  index_document {
    suffix = "index.html"
  }
}

# expect: fail
resource "aws_s3_bucket_website_configuration" "redirects_to_http" {
  bucket = "website"

  redirect_all_requests_to {
    host_name = "meals.example"
  }
}
